package dev.holdfast.engine.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.filter.CompositeFilter;
import dev.holdfast.format.filter.SipHash;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstEncoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstVerifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A table with several filters as it was once written: read today, and written alike.
class FilterGoldenTest {
    private static final int ROWS = 60;
    private static final PrefixExtractor USER = PrefixExtractor.until((byte) '/');
    private static final FilterChoice CHOICE =
            FilterChoice.of(
                    List.of(
                            FilterPolicy.bloom(10),
                            FilterPolicy.bloom(8).with(PrefixExtractor.fixed(3)),
                            FilterPolicy.bloom(12).over(USER),
                            new Letters("letters")));

    private static String key(int i) {
        return "%c%d/%03d".formatted('a' + i % 5, i % 7, i);
    }

    private static Bytes table() {
        var rows = new ArrayList<TestRow>();
        for (int i = 0; i < ROWS; i++) rows.add(TestRow.put(key(i), i + 1, "value " + i));
        var form = new SstSettings(256, Codec.NONE, 10, 10, FilterForm.COMPOSITE);
        try (var encoder = new SstEncoder(form, SectionSeal.NONE, CHOICE.makers())) {
            RowCursor cursor = new RowList(rows, Order.ASCENDING);
            while (cursor.next()) encoder.add(cursor);
            return encoder.finish().joined();
        }
    }

    private static List<CompositeFilter.Part> parts(Bytes file) {
        SstFooter footer = SstDecoder.footer(file, file.length());
        Bytes tail = file.slice((int) footer.propertiesOffset(), file.length() - SstFooter.BYTES);
        SstProperties properties = SstDecoder.properties(tail, footer);
        SstProperties.Section section = properties.filter();
        Bytes stored = file.slice((int) section.offset(), (int) section.end());
        return SstDecoder.filters(stored, properties, SectionSeal.NONE);
    }

    @Test
    void shouldKeepTablesWithSeveralFilters() {
        OnceWritten.requireSame("filters/table.sst", table());
        Bytes stored = OnceWritten.read("filters/table.sst");

        List<CompositeFilter.Part> parts = parts(stored);
        TableFilters filters = CHOICE.read(parts);

        assertEquals(ROWS, SstVerifier.verify(stored).rows());
        assertEquals(
                List.of("_bf", "_bf:p=fixed-3", "_bf:p=until-2f:wh=0", "letters"),
                parts.stream().map(part -> part.name().toUtf8()).toList());
        for (int i = 0; i < ROWS; i++) {
            assertTrue(mightHold(filters, key(i)));
            assertTrue(filters.mightHoldPrefix(Bytes.utf8(key(i).substring(0, 3))));
        }
        assertFalse(mightHold(filters, "a0/001"));
        assertFalse(filters.mightHoldPrefix(Bytes.utf8("a9/")));
        assertFalse(filters.mightHoldPrefix(Bytes.utf8("z")));
        assertTrue(filters.mightHoldPrefix(Bytes.utf8("a")));
        assertTrue(FilterChoice.USUAL.read(parts).mightHoldPrefix(Bytes.utf8("z")));
        assertTrue(FilterChoice.of(List.of()).read(parts.subList(1, 4)).isEmpty());
    }

    private static boolean mightHold(TableFilters filters, String text) {
        Bytes key = Bytes.utf8(text);
        return filters.mightHoldKey(key, SipHash.of(key.array(), key.offset(), key.length()));
    }
}
