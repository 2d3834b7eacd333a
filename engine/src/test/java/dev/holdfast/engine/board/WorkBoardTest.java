package dev.holdfast.engine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.ForwardingStore;
import dev.holdfast.engine.board.WorkBoard.Claimed;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkBoardTest {
    private static final PartKey KEY = new PartKey(new Ulid(5, 6), 7, 0, 3, 1);

    private final MemoryStore store = new MemoryStore();
    private final WorkBoard board = new WorkBoard(store, "db", Env.system());

    private static PartClaim claim(long claimant, long beat) {
        return new PartClaim(KEY, new Ulid(1, claimant), "w", beat, beat, List.of());
    }

    private static PartResult result(PartResult.Ending ending) {
        return new PartResult(
                KEY, null, Bytes.utf8("m"), new Ulid(1, 1), "w", ending, 5, List.of(), "");
    }

    @Test
    void shouldGiveAnAttemptToOneClaimantAlone() {
        assertEquals(Claimed.OURS, board.claim(claim(1, 0)));
        assertEquals(Claimed.THEIRS, board.claim(claim(2, 0)));
        board.beat(claim(1, 1));
        assertEquals(Claimed.THEIRS, board.claim(claim(2, 0)));
        assertEquals(claim(1, 1), board.readClaim(KEY));
    }

    @Test
    void shouldKnowItsOwnClaimWhenTheReplyWasLost() {
        var lossy = new Lossy(store);
        var lossyBoard = new WorkBoard(lossy, "db", Env.system());

        assertEquals(Claimed.OURS, lossyBoard.claim(claim(1, 0)));
        assertEquals(Claimed.THEIRS, lossyBoard.claim(claim(2, 0)));
        lossy.isDown = true;
        assertEquals(Claimed.UNKNOWN, lossyBoard.claim(claim(3, 0)));
    }

    /// Stores what it is given, and never says so.
    private static final class Lossy extends ForwardingStore {
        private boolean isDown;

        Lossy(MemoryStore inner) {
            super(inner);
        }

        @Override
        public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
            if (isDown) throw new ObjectStoreException.Unavailable("down", null);
            super.putIfAbsent(name, parts, putId);
            return new PutResult.Unknown(new RuntimeException("the reply was lost"));
        }
    }

    @Test
    void shouldKeepTheFirstResult() {
        board.deliver(result(PartResult.Ending.DONE));
        board.deliver(result(PartResult.Ending.FAILED));

        assertEquals(result(PartResult.Ending.DONE), board.readResult(KEY));
    }

    @Test
    void shouldTakeADamagedPaperForNone() {
        board.deliver(result(PartResult.Ending.DONE));
        String name = store.list("db/workers/", null, 10).getFirst().name();
        byte[] bytes = store.get(name).toArray();
        bytes[bytes.length / 2] ^= 4;
        store.put(name, List.of(Bytes.wrap(bytes)));

        assertNull(board.readResult(KEY));
        assertTrue(board.look(KEY.job()).has(KEY, Paper.RESULT));
    }

    @Test
    void shouldNotLookAtWhatIsTooLarge() {
        String name = new BoardNames("db").paper(KEY, Paper.RESULT);
        byte[] large = new byte[(int) WorkBoard.PAPER_BYTES_MAX + 1];
        store.put(name, List.of(Bytes.wrap(large)));

        assertFalse(board.look().has(KEY, Paper.RESULT));
    }

    @Test
    void shouldRemoveAllAboutOneCompactionAndNothingElse() {
        var other = new PartKey(new Ulid(9, 9), 7, 0, 3, 1);
        board.claim(claim(1, 0));
        board.deliver(result(PartResult.Ending.DONE));
        board.claim(new PartClaim(other, new Ulid(1, 1), "w", 0, 0, List.of()));
        board.announce("w-1");

        assertEquals(2, board.clear(KEY.job()));

        assertNull(board.readClaim(KEY));
        assertNotNull(board.readClaim(other));
        assertTrue(board.hasWorkers());
        board.leave("w-1");
        assertFalse(board.hasWorkers());
    }
}
