package dev.holdfast.engine.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.manifest.FlushedRows;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstProperties.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A table that is damaged here, and fetched anew from the store.
@Timeout(60)
class LocalTablesHealTest {
    private static final Env ENV = Env.system();
    private static final Bytes CONTENT = Bytes.utf8("row ".repeat(1000));

    @TempDir private Path directory;

    private static EncodedSst sst() {
        var properties =
                new SstProperties(
                        Bytes.utf8("a"),
                        Bytes.utf8("b"),
                        Section.ABSENT,
                        FilterForm.LEGACY,
                        new Section(100, 20),
                        Section.ABSENT,
                        Codec.NONE,
                        SstKind.COMPACTED);
        return new EncodedSst(List.of(CONTENT), CONTENT.length(), properties);
    }

    private static LocalTable kept(LocalTables tables) throws IOException {
        var made = new LocalTables.Made(Ulid.next(ENV), sst());
        return tables.keep(List.of(made), 0, new FlushedRows(5, 0, 0, 0)).getFirst();
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.toString().endsWith(".sst")).findFirst().orElseThrow();
        }
    }

    private long tableFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.getFileName().toString().startsWith("table-")).count();
        }
    }

    private LocalHome home() {
        var place = new LocalPlace(LocalSettings.in(directory), Disk.system());
        return LocalHome.open(place, new UUID(1, 2), ENV);
    }

    @Test
    void shouldServeWhatWasWrittenAgain() throws IOException {
        try (LocalHome home = home()) {
            var tables = new LocalTables(home, 1, _ -> CONTENT);
            LocalTable table = kept(tables);
            Files.write(file(), new byte[10]);

            assertEquals(CONTENT, tables.read(table.id(), 0, CONTENT.length()));

            assertEquals(1, tableFiles());
        }
    }

    @Test
    void shouldLeaveNoFileOfATableThatIsPublishedWhileItIsHealed() throws IOException {
        try (LocalHome home = home()) {
            // given: the manifest is published while the store is asked
            var there = new AtomicReference<LocalTables>();
            var tables =
                    new LocalTables(
                            home,
                            1,
                            _ -> {
                                LocalTables own = there.get();
                                own.release(own.tables());
                                return CONTENT;
                            });
            there.set(tables);
            LocalTable table = kept(tables);
            Files.write(file(), new byte[10]);
            // when
            tables.doubt(table.id());
            // then
            assertTrue(tables.tables().isEmpty());
            assertEquals(0, tableFiles());
        }
    }
}
