package dev.holdfast.system.tidy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What a Markdown page must be: one title, links that lead somewhere, no path of one machine.
final class PageRules {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern OUTSIDE = Pattern.compile("(https?|mailto):.*|#.*");

    private PageRules() {}

    /// One line for each rule that `text`, the content of `page` below `root`, breaks.
    static List<String> check(Path root, Path page, String text) {
        var broken = new ArrayList<String>();
        int titles = 0;
        boolean isCode = false;
        for (String line : text.lines().toList()) {
            if (line.strip().startsWith("```")) isCode = !isCode;
            if (isCode) continue;
            if (line.startsWith("# ")) titles++;
            broken.addAll(deadLinks(root, page, line));
        }
        if (titles != 1) broken.add(page + ": " + titles + " titles");
        return broken;
    }

    private static List<String> deadLinks(Path root, Path page, String line) {
        var dead = new ArrayList<String>();
        var link = LINK.matcher(line.replaceAll("`[^`]*`", ""));
        while (link.find()) {
            String target = link.group(1);
            if (OUTSIDE.matcher(target).matches()) continue;
            Path file = root.resolve(page).resolveSibling(target.replaceFirst("#.*", ""));
            if (!Files.exists(file)) dead.add(page + ": dead link: " + target);
        }
        return dead;
    }
}
