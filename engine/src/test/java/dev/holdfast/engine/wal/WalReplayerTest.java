package dev.holdfast.engine.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.SpoiledOnce;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.wal.WalEncoder;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WalReplayerTest {
    private static final Env ENV = Env.system();

    private final MemoryStore store = new MemoryStore();
    private final List<String> seen = new ArrayList<>();

    private static String name(long id) {
        return "db/wal/%020d.sst".formatted(id);
    }

    /// An object with commits of two rows each.
    private void put(long id, long... seqs) {
        var segment =
                new WalSegment(
                        () -> new WalEncoder(64, Codec.NONE), Deadline.after(ENV, Duration.ZERO));
        for (long seq : seqs) {
            var batch = new WriteBatch();
            batch.put(Bytes.utf8("a" + seq), Bytes.utf8("1")).delete(Bytes.utf8("b" + seq));
            segment.add(batch.cursor(), seq, 7);
        }
        store.putIfAbsent(name(id), segment.encode(), Ulid.next(ENV));
    }

    private void replay(long after, long last, long flushed) throws InterruptedException {
        replayFrom(store, after, last, flushed);
    }

    private void replayFrom(ObjectStore from, long after, long last, long flushed)
            throws InterruptedException {
        new WalReplayer(from, "db", ENV, Token.standalone(ENV), flushed)
                .replay(after, last, new Record());
    }

    private final class Record implements WalReplayer.Sink {
        @Override
        public void row(RowCursor row) {
            seen.add("row " + row.seq());
        }

        @Override
        public void endOfCommit(Durable<Long> seq) {
            seen.add("commit " + seq.position());
        }

        @Override
        public void endOfObject(Durable<Long> id, long lastSeq) {
            seen.add("object " + id.position() + " up to " + lastSeq);
        }
    }

    @Test
    void shouldHandOutWholeCommitsThatAreNotInTablesYet() throws InterruptedException {
        put(5, 3, 4);
        put(6, 5);

        replay(4, 6, 3);

        assertEquals(
                List.of(
                        "row 4",
                        "row 4",
                        "commit 4",
                        "object 5 up to 4",
                        "row 5",
                        "row 5",
                        "commit 5",
                        "object 6 up to 5"),
                seen);
    }

    @Test
    void shouldNameTheObjectThatIsDamaged() {
        put(5, 3);
        byte[] bytes = store.get(name(5)).toArray();
        bytes[3] ^= 1;
        store.put(name(5), List.of(Bytes.wrap(bytes)));

        var thrown = assertThrows(CorruptData.class, () -> replay(4, 5, 0));

        assertTrue(thrown.getMessage().contains(name(5)), thrown.getMessage());
        assertEquals(List.of(), seen);
    }

    @Test
    void shouldNotTakeAnObjectCutToNothingOnTheWayForAFence() throws InterruptedException {
        put(5, 3);
        put(6, 4);

        ObjectStore network = SpoiledOnce.around(store, name(5), Bytes.EMPTY);
        replayFrom(network, 4, 6, 2);

        assertTrue(seen.contains("commit 3"), seen.toString());
        assertEquals("object 6 up to 4", seen.getLast());
    }

    @Test
    void shouldNotTakeAnotherObjectInItsPlace() throws InterruptedException {
        for (long id = 5; id <= 7; id++) put(id, id);
        for (long spoiled = 5; spoiled <= 7; spoiled++) {
            for (long other = 5; other <= 7; other++) {
                seen.clear();
                Bytes bytes = Objects.requireNonNull(store.get(name(other)));
                replayFrom(SpoiledOnce.around(store, name(spoiled), bytes), 4, 7, 4);

                List<String> commits =
                        seen.stream().filter(what -> what.startsWith("commit")).toList();
                assertEquals(List.of("commit 5", "commit 6", "commit 7"), commits);
            }
        }
    }

    @Test
    @Tag("WAL-06")
    void shouldRefuseAnObjectOutOfOrder() {
        put(5, 3, 4);
        put(6, 4);

        assertThrows(CorruptData.class, () -> replay(4, 6, 0));
    }

    @Test
    @Tag("WAL-03")
    void shouldRefuseAGapInTheListing() {
        put(5, 3);
        put(7, 4);

        assertThrows(CorruptData.class, () -> WalListing.read(store, "db", 4));
    }

    @Test
    void shouldFindTheEndOfTheLog() {
        put(5, 3);
        put(6, 4);

        assertEquals(new WalListing(4, 6, false), WalListing.read(store, "db", 4));
        assertEquals(new WalListing(6, 6, false), WalListing.read(store, "db", 6));
    }
}
