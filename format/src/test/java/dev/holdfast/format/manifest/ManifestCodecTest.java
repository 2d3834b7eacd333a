package dev.holdfast.format.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.Rows;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Trailer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestCodecTest {
    private static final Ulid PUT_ID = new Ulid(1, 2);

    static LongStream seeds() {
        return Rows.seeds(200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEverythingThatVersion1CanSay(long seed) {
        Manifest manifest = new Manifests(new SplittableRandom(seed)).version1();

        var decoded = ManifestCodec.decode(ManifestCodec.encode(manifest, 0, PUT_ID));

        assertEquals(1, decoded.version());
        assertEquals(manifest, decoded.manifest());
        assertEquals(PUT_ID, decoded.putId());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepEverythingThatVersion2CanSay(long seed) {
        Manifest manifest = new Manifests(new SplittableRandom(seed)).version2();

        var decoded = ManifestCodec.decode(ManifestCodec.encode(manifest, 0, PUT_ID));

        assertEquals(2, decoded.version());
        assertEquals(manifest, decoded.manifest());
        assertEquals(PUT_ID, decoded.putId());
    }

    @Test
    void shouldKeepTheFirstManifest() {
        var decoded = ManifestCodec.decode(ManifestCodec.encode(Manifest.initial(), 0, PUT_ID));

        assertEquals(Manifest.initial(), decoded.manifest());
        assertEquals(Set.of(), decoded.features());
    }

    @Test
    void shouldWriteVersion2WhenAskedTo() {
        var decoded =
                ManifestCodec.decode(ManifestCodec.encodeVersion2(Manifest.initial(), 0, PUT_ID));

        assertEquals(2, decoded.version());
        assertEquals(Manifest.initial(), decoded.manifest());
        assertEquals(Set.of(Profile.Feature.MANIFEST_V2), decoded.features());
    }

    @Test
    void shouldRefuseAFieldThatItDoesNotKnow() {
        var out = new FlatBuilder(100);
        int none = out.references(new int[0]);
        int root = out.reference(8, none).reference(9, none).reference(11, none).i8(16, 1).table();
        Bytes file = Trailer.seal(1, out, root, PUT_ID);

        var failure = assertThrows(FormatException.class, () -> ManifestCodec.decode(file));

        assertEquals("manifest has a field that is not known. slot=`16`", failure.getMessage());
    }

    @Test
    @Tag("MAN-05")
    void shouldRefuseAnUnknownVersion() {
        var out = new FlatBuilder(100);
        Bytes file = Trailer.seal(3, out, out.table(), PUT_ID);

        assertThrows(FormatException.class, () -> ManifestCodec.decode(file));
    }

    @Test
    void shouldRefuseTheSameViewTwice() {
        SstHandle sst = new Manifests(new SplittableRandom(1)).sst();
        Manifest manifest =
                Manifest.initial()
                        .but()
                        .l0(List.of(SstView.of(sst), SstView.of(sst)))
                        .lastL0Seq(1)
                        .build();
        Bytes file = ManifestCodec.encode(manifest, 0, PUT_ID);

        assertThrows(FormatException.class, () -> ManifestCodec.decode(file));
    }

    @Test
    void shouldInferTheProfileFromWhatWasSeen() {
        assertEquals(Profile.SLATEDB_0_12, Profile.of(Set.of()));
        for (Profile.Feature feature : Profile.Feature.values())
            assertEquals(Profile.SLATEDB_0_15, Profile.of(EnumSet.of(feature)));
        assertEquals(true, Profile.SLATEDB_0_15.canWrite(Profile.SLATEDB_0_12));
        assertEquals(false, Profile.SLATEDB_0_12.canWrite(Profile.SLATEDB_0_15));
    }
}
