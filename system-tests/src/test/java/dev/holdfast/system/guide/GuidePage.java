package dev.holdfast.system.guide;

import java.util.ArrayList;
import java.util.List;

/// One page of the guide: the program that it shows, and what it says that this prints.
///
/// @param java the fenced blocks of Java, without their fences
/// @param output the fenced blocks of text, likewise
record GuidePage(List<String> java, List<String> output) {
    private static final String FENCE = "```";

    /// Reads a page.
    static GuidePage of(String markdown) {
        var page = new GuidePage(new ArrayList<>(), new ArrayList<>());
        var block = new StringBuilder();
        String kind = null;
        for (String line : markdown.lines().toList()) {
            if (!line.startsWith(FENCE)) {
                if (kind != null) block.append(line).append('\n');
            } else if (kind == null) {
                kind = line.substring(FENCE.length());
                block.setLength(0);
            } else {
                page.add(kind, block.toString());
                kind = null;
            }
        }
        return page;
    }

    private void add(String kind, String block) {
        if (kind.equals("java")) java.add(block);
        if (kind.equals("text")) output.add(block);
    }
}
