package dev.holdfast.system.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Holds every file of the project to the rules.
class TidyTest {
    private static final Path RULES =
            Path.of("system-tests/src/test/java/dev/holdfast/system/tidy");

    @Test
    void shouldKeepEverySourceTidy() throws IOException {
        List<Path> sources = House.files(".java");
        var broken = new ArrayList<String>(PackageRules.check(sources));
        for (Path source : sources) {
            String text = House.read(source);
            broken.addAll(TreeRules.check(source, text));
            if (!source.startsWith(RULES)) broken.addAll(TextRules.check(source, text));
        }

        assertTrue(50 < sources.size(), "sources found: " + sources.size());
        assertEquals("", String.join("\n", broken));
    }

    @Test
    void shouldKeepEveryPageTidy() throws IOException {
        var broken = new ArrayList<String>();
        for (Path page : House.files(".md")) {
            if (page.startsWith("format/src/test/resources")) continue;
            broken.addAll(PageRules.check(House.ROOT, page, House.read(page)));
        }

        assertEquals("", String.join("\n", broken));
    }
}
