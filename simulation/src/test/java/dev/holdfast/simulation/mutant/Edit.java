package dev.holdfast.simulation.mutant;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One place of the real source, and what stands there instead in a mutant.
///
/// @param type the top-level class, with its package
/// @param find must stand in its source exactly once; how it is broken into lines does not matter
record Edit(String type, String find, String replacement) {

    /// `source` with the replacement in place. Throws [IllegalStateException] unless the place is
    /// there exactly once, so that a mutant cannot rot unseen.
    String applyTo(String source) {
        String words =
                Arrays.stream(find.strip().split("\\s+"))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("\\s+"));
        Matcher place = Pattern.compile(words).matcher(source);
        if (!place.find()) throw new IllegalStateException("not in " + type + ": " + find);
        int start = place.start();
        int end = place.end();
        if (place.find())
            throw new IllegalStateException("more than once in " + type + ": " + find);
        return source.substring(0, start) + replacement + source.substring(end);
    }
}
