package dev.holdfast.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.sst.SstVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Manifests and compactions that SlateDB itself wrote are read, and lose nothing when written.
class GoldenManifestTest {
    private static final Ulid PUT_ID = Ulid.parse("01M7XVVJF3FEHTWQ0AVDTB2K6B");

    static Stream<Path> manifests() {
        return Golden.files(Golden.SLATEDB, ".manifest").stream();
    }

    static Stream<Path> compactions() {
        return Golden.files(Golden.SLATEDB, ".compactions").stream();
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void shouldKeepEverythingWhenAManifestIsWrittenAgain(Path path) {
        // given
        Bytes file = Golden.read(path);
        var decoded = ManifestCodec.decode(file);
        // when
        Bytes written = ManifestCodec.encode(decoded.manifest(), 0, PUT_ID);
        var again = ManifestCodec.decode(written);
        // then
        assertNull(decoded.putId());
        assertEquals(Set.of(), decoded.features());
        assertEquals(decoded.manifest(), again.manifest());
        assertEquals(PUT_ID, again.putId());
        assertEquals(file, SlateDbForm.withoutTrailer(written));
    }

    @ParameterizedTest
    @MethodSource("compactions")
    void shouldKeepEverythingWhenCompactionsAreWrittenAgain(Path path) {
        // given
        Bytes file = Golden.read(path);
        var decoded = CompactionsCodec.decode(file);
        // when
        Bytes written =
                CompactionsCodec.encode(
                        decoded.compactions(), CompactionsCodec.VERSION_OLDER, 0, PUT_ID);
        var again = CompactionsCodec.decode(written);
        // then
        assertEquals(decoded.compactions(), again.compactions());
        assertEquals(PUT_ID, again.putId());
        assertEquals(file, SlateDbForm.withoutTrailer(written));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void shouldFindTheTablesThatAManifestNames(Path path) {
        Manifest manifest = ManifestCodec.decode(Golden.read(path)).manifest();
        Path folder = path.getParent().resolveSibling("compacted");

        Stream<SstView> runs = manifest.sortedRuns().stream().flatMap(run -> run.ssts().stream());
        List<SstView> views = Stream.concat(manifest.l0().stream(), runs).toList();

        for (SstView view : views) {
            Path table = folder.resolve(view.sst().id() + ".sst");
            if (Files.exists(table))
                SstVerifier.verify(
                        Golden.read(table), view.sst().properties(), view.sst().version());
        }
    }

    @Test
    void shouldReadTheLastManifestOfTheBasicDatabase() {
        Path path = Golden.files(Golden.SLATEDB + "/basic", ".manifest").getLast();

        Manifest manifest = ManifestCodec.decode(Golden.read(path)).manifest();

        assertEquals(2, manifest.writerEpoch());
        assertEquals(2, manifest.compactorEpoch());
        assertEquals(6, manifest.replayAfterWalId());
        assertEquals(9, manifest.walIdLastSeen());
        assertEquals(5, manifest.lastL0Seq());
        assertEquals(1, manifest.l0().size());
        assertEquals("[1@1795224881]", manifest.sequenceTracker().toString());
    }
}
