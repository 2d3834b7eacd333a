package dev.holdfast.engine.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstProperties.Section;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestEditTest {
    private static SstHandle table(long number) {
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
        return new SstHandle(new Ulid(number << 16, 0), properties, 2);
    }

    private static ManifestEdit flushed(long number, long walId, long lastSeq) {
        return new ManifestEdit.Flushed(
                Durable.confirmed(table(number)),
                Durable.confirmed(new WalPosition(walId, walId + 1)),
                new FlushedRows(lastSeq, 1000, lastSeq, 120_000));
    }

    @Test
    void shouldSetEverythingThatAFlushChangesAtOnce() {
        Manifest after = flushed(1, 7, 30).applyTo(Manifest.initial());

        assertEquals(List.of(SstView.of(table(1))), after.l0());
        assertEquals(7, after.replayAfterWalId());
        assertEquals(8, after.walIdLastSeen());
        assertEquals(30, after.lastL0Seq());
        assertEquals(1000, after.lastL0ClockTick());
        assertEquals(30, after.recentSnapshotMinSeq());
        assertEquals(1, after.sequenceTracker().count());
    }

    @Test
    void shouldPutTheNewestTableFirst() {
        Manifest after = flushed(2, 9, 40).applyTo(flushed(1, 7, 30).applyTo(Manifest.initial()));

        assertEquals(List.of(SstView.of(table(2)), SstView.of(table(1))), after.l0());
    }

    @Test
    void shouldChangeNothingWhenAppliedTwice() {
        Manifest once = flushed(1, 7, 30).applyTo(Manifest.initial());

        assertSame(once, flushed(1, 7, 30).applyTo(once));
    }

    @Test
    void shouldNotBringBackWhatWasCompacted() {
        Manifest two = flushed(2, 9, 40).applyTo(flushed(1, 7, 30).applyTo(Manifest.initial()));
        Manifest marked = two.but().lastCompactedL0(table(1).id()).build();

        Manifest after = flushed(3, 11, 50).applyTo(marked);

        assertEquals(List.of(SstView.of(table(3)), SstView.of(table(2))), after.l0());
    }

    @Test
    void shouldNeverMoveTheLogBack() {
        Manifest after = flushed(1, 7, 30).applyTo(Manifest.initial());
        var earlier = new ManifestEdit.LogCovered(Durable.confirmed(new WalPosition(3, 5)));

        assertSame(after, earlier.applyTo(after));
    }
}
