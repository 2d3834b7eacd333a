package dev.holdfast.format.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.Row;
import dev.holdfast.format.Rows;
import dev.holdfast.format.SstFile;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.section.IndexEncoder;
import dev.holdfast.format.section.SectionWriter;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstStats;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.Crc32;
import dev.holdfast.format.wire.FormatException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WalPropertyTest {
    static LongStream seeds() {
        return Rows.seeds(40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldReadBackWhatWasWrittenInTheSameOrder(long seed) {
        var random = new SplittableRandom(seed);
        for (Codec codec : Codec.values()) {
            List<Row> rows = Rows.randomLog(random, 1 + random.nextInt(300));

            Bytes object = Rows.encodeWal(rows, 64 << random.nextInt(10), codec);
            var content = assertInstanceOf(WalDecoder.Rows.class, WalDecoder.decode(object));

            assertEquals(rows.getFirst().seq(), content.firstSeq());
            assertEquals(rows, Row.drain(content.rows()));
        }
    }

    @Test
    void shouldReadBothFormsOfAFence() {
        assertEquals(114, WalEncoder.fence().length());
        assertEquals(
                new WalDecoder.Fence(WalDecoder.FenceForm.EMPTY_SST),
                WalDecoder.decode(WalEncoder.fence()));
        assertEquals(
                new WalDecoder.Fence(WalDecoder.FenceForm.NO_BYTES),
                WalDecoder.decode(Bytes.EMPTY));
    }

    /// As SlateDB writes it where `min_filter_keys` is 0.
    @Test
    void shouldReadAFenceWithAFilterOverNothing() {
        try (var out = new SectionWriter(Codec.NONE, SectionSeal.NONE)) {
            long filter = out.append(Bytes.wrap(new byte[] {0, 6}));
            long index = out.append(new IndexEncoder().finish());
            long stats = out.append(new SstStats(0, 0, 0, 0, 0, List.of()).encode());
            var properties =
                    new SstProperties(
                            null,
                            null,
                            new SstProperties.Section(0, filter),
                            FilterForm.LEGACY,
                            new SstProperties.Section(filter, index),
                            new SstProperties.Section(filter + index, stats),
                            Codec.NONE,
                            SstKind.COMPACTED);
            out.appendRaw(properties.encodeTail());
            Bytes fence = new EncodedSst(out.finish(), out.position(), properties).joined();

            assertEquals(
                    new WalDecoder.Fence(WalDecoder.FenceForm.EMPTY_SST), WalDecoder.decode(fence));
        }
    }

    @Test
    void shouldRefuseATableInTheLog() {
        Bytes table = Rows.encode(List.of(Row.put("a", "1", 1)), SstSettings.defaults());

        assertThrows(FormatException.class, () -> WalDecoder.decode(table));
    }

    @Test
    void shouldRefuseSeqsThatFall() {
        // given: the seq of the second row is set back, and the checksum made right
        List<Row> rows = List.of(Row.put("a", "1", 2), Row.put("b", "1", 3));
        byte[] object = Rows.encodeWal(rows, 4096, Codec.NONE).toArray();
        int blockEnd = SstFile.of(Bytes.wrap(object)).index().blockLength(0) - Crc32.BYTES;
        int secondSeq = blockEnd - 2 * Short.BYTES - 2 * Long.BYTES - 1;
        BigEndian.putU64(object, secondSeq, 1);
        BigEndian.putU32(object, blockEnd, Crc32.of(object, 0, blockEnd));
        // when, then
        var content =
                assertInstanceOf(WalDecoder.Rows.class, WalDecoder.decode(Bytes.wrap(object)));

        assertThrows(FormatException.class, () -> Row.drain(content.rows()));
    }

    @Test
    void shouldRefuseToSeek() {
        Bytes object = Rows.encodeWal(List.of(Row.put("a", "1", 2)), 4096, Codec.NONE);

        var content = assertInstanceOf(WalDecoder.Rows.class, WalDecoder.decode(object));

        assertThrows(
                UnsupportedOperationException.class,
                () -> content.rows().seek(new byte[] {'a'}, 0, 1));
    }
}
