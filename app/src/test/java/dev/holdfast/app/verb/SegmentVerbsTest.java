package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases with segments from the command line: made, gone on with, compacted, dropped in part.
class SegmentVerbsTest {
    @TempDir private Path folder;

    private Ran run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        return Ran.line(all.toArray(String[]::new));
    }

    private List<Bytes> segments() {
        String url = folder.resolve("data").toUri().toString().replaceAll("/$", "");
        try (ObjectStore store = ObjectStores.open(url, Env.system())) {
            return Engine.segments(store, "");
        }
    }

    private Path rows(String name, int day) throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 10; i < 60; i++) lines.add("day%d/%d\tvalue %d".formatted(day, i, i));
        return Files.write(folder.resolve(name), lines);
    }

    @Test
    void shouldCutWhatTheyMakeAndDropWhatIsOld() throws IOException {
        Path first = rows("first.tsv", 1);
        Path second = rows("second.tsv", 2);

        Ran loaded = run("load", "--as", "kv", "--segments", "until:/", first.toString());
        Ran ingested = run("ingest", second.toString());
        Ran compacted = run("compact", "--style", "everything");

        assertEquals(0, loaded.code(), loaded::toString);
        assertEquals(0, ingested.code(), ingested::toString);
        assertEquals(0, compacted.code(), compacted::toString);
        assertEquals(List.of(Bytes.utf8("day1/"), Bytes.utf8("day2/")), segments());

        Ran kept = run("compact", "--segments", "until:/", "--keep-segments", "1");

        assertEquals(0, kept.code(), kept::toString);
        assertEquals(List.of(Bytes.utf8("day2/")), segments());
        Ran scanned = run("scan", "--as", "kv");
        assertEquals(50, scanned.out().lines().count(), scanned::toString);
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        Path first = rows("first.tsv", 1);
        assertEquals(0, run("load", "--as", "kv", first.toString()).code());

        Ran cut = run("load", "--as", "kv", "--segments", "fixed:4", first.toString());
        Ran alone = run("compact", "--keep-segments", "3");

        assertTrue(cut.err().contains("segments"), cut::toString);
        assertEquals(64, alone.code(), alone::toString);
        assertTrue(alone.err().contains("--segments"), alone::toString);
    }
}
