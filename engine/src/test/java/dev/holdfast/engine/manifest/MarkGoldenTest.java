package dev.holdfast.engine.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Stage;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What Holdfast says in a manifest with words of the form: consumers of changes, a clone in the
/// making, a drop; and positions in the stream of changes, which consumers keep.
class MarkGoldenTest {
    private static final Ulid PUT_ID = Ulid.parse("01KB0000000000000000000001");
    private static final Ulid TABLE = Ulid.parse("01KB0000000000000000000002");
    private static final UUID FIRST = UUID.fromString("6f0f2c0e-9f5e-4f0a-8a53-1d2d3c4b5a69");
    private static final UUID SECOND = UUID.fromString("0b5f7c1e-2d3a-4b4c-9d5e-6f708192a3b4");
    private static final StreamMark MARK = new StreamMark("search-index", 17, 4711, 12);

    private static Manifest consumed() {
        return Manifest.initial()
                .but()
                .writerEpoch(3)
                .replayAfterWalId(16)
                .walIdLastSeen(20)
                .checkpoints(
                        List.of(
                                new Checkpoint(FIRST, 9, 0, 1_763_700_000L, MARK.text()),
                                new Checkpoint(SECOND, 8, 1_763_790_000L, 1_763_700_000L, "daily")))
                .build();
    }

    private static Manifest cloning() {
        return consumed()
                .but()
                .stage(Stage.CLONING)
                .externalDbs(List.of(new ExternalDb("parent", FIRST, SECOND, List.of(TABLE))))
                .build();
    }

    private static Manifest dropped() {
        return DropMark.on(new ManifestVersion(9, cloning(), Set.of()), 1_763_700_000L);
    }

    private static void requireKept(String name, Manifest manifest) {
        OnceWritten.requireSame(name, ManifestCodec.encode(manifest, 0, PUT_ID));
        assertEquals(manifest, ManifestCodec.decode(OnceWritten.read(name)).manifest());
    }

    @Test
    void shouldKeepMarksInManifests() {
        requireKept("marks/consumed.manifest", consumed());
        requireKept("marks/cloning.manifest", cloning());
        requireKept("marks/dropped.manifest", dropped());

        Manifest read =
                ManifestCodec.decode(OnceWritten.read("marks/consumed.manifest")).manifest();
        assertEquals(MARK, StreamMark.of(read.checkpoints().getFirst()));
        read = ManifestCodec.decode(OnceWritten.read("marks/dropped.manifest")).manifest();
        assertTrue(DropMark.isOn(read));
    }

    @Test
    void shouldKeepPositionsOfConsumers() {
        var position = new Position(17, 4711);

        OnceWritten.requireSame("marks/position", Bytes.utf8(position.toString()));
        assertEquals(position, Position.parse(OnceWritten.read("marks/position").toUtf8()));
    }
}
