package dev.holdfast.engine.write;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.tier.LocalRecord;
import dev.holdfast.engine.tier.LocalTable;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.lifecycle.durable.Durable;
import java.time.Duration;
import java.util.List;

/// Brings what is only in the log back into memory, memtable by memtable.
///
/// Invariants:
/// 1. A memtable ends between two commits.
/// 2. A log object counts as read only after its last row: a memtable that ends inside it is
///    published as if that object had not been read at all. Then nothing is lost however often, and
///    wherever, this is cut short.
///
/// What is in tables of the local disk is in the log too; it is taken note of, not brought back.
///
/// Memtables are flushed while the replay goes on, so memory stays bounded. One thread.
final class Recovery implements WalReplayer.Sink {
    private final RemoteWal log;
    private final Freezer freezer;
    private final Backlog backlog;
    private final Env env;
    private final Duration patience;
    private long lastSeq;
    private long adoptedSeq;
    private long lastTickMillis;
    private long bytesBefore;
    private long commits;
    private long rows;
    private Profile profile = Profile.SLATEDB_0_12;

    /// @param patience the longest wait for room
    Recovery(RemoteWal log, WriteParts parts, Freezer freezer, Manifest from, Duration patience) {
        this.log = log;
        this.freezer = freezer;
        this.patience = patience;
        env = parts.env();
        backlog = parts.backlog();
        lastSeq = from.lastL0Seq();
        lastTickMillis = from.lastL0ClockTick();
    }

    /// Fences in the log are those of `profile`.
    void readFencesOf(Profile profile) {
        this.profile = profile;
    }

    /// These are shown already: what they hold is not needed in memory.
    void adopted(List<LocalTable> tables) {
        for (LocalTable table : tables) {
            adoptedSeq = table.lastSeq();
            lastTickMillis = Math.max(lastTickMillis, table.rows().lastTickMillis());
        }
    }

    @Override
    public void row(RowCursor row) {
        if (row.seq() <= adoptedSeq) return;
        Memtable active = freezer.active();
        if (active.lastSeq() < row.seq()) bytesBefore = active.bytes();
        active.add(row);
        if ((row.flags() & RowFlags.HAS_CREATION) != 0)
            lastTickMillis = Math.max(lastTickMillis, row.createdAtMillis());
        rows++;
    }

    @Override
    public void endOfCommit(Durable<Long> seq) throws InterruptedException {
        log.replayedCommit(seq);
        lastSeq = seq.position();
        if (lastSeq <= adoptedSeq) return;
        commits++;
        keepBounded(freezer.active().bytes() - bytesBefore);
    }

    private void keepBounded(long grown) throws InterruptedException {
        if (!backlog.tryReserve(grown)) {
            freezer.freeze(lastTickMillis);
            awaitRoom(grown);
        }
        freezer.freezeIfFull(lastTickMillis);
    }

    // Everything is frozen, so room is on its way.
    private void awaitRoom(long size) throws InterruptedException {
        Deadline deadline = Deadline.after(env, patience);
        boolean isReserved = false;
        while (!isReserved) isReserved = backlog.reserve(size, backlog.changes(), deadline);
    }

    /// A fence without bytes belongs to the newer profile. In the older one it is an object that
    /// lost all its bytes, so to go on could drop commits in silence.
    @Override
    public void fence(String name, WalDecoder.FenceForm form) {
        if (form == WalDecoder.FenceForm.NO_BYTES)
            StoredProfile.requireFenceWithoutBytes(profile, "object=`" + name + "`");
    }

    @Override
    public void endOfObject(Durable<Long> id, long seq) {
        log.replayedObject(id, seq);
    }

    /// A commit that only the local log has: it goes to both logs again, under this epoch.
    void localCommit(CommitLog both, LocalRecord commit) throws InterruptedException {
        if (commit.seq() <= adoptedSeq) {
            both.awaitRoom(commit.rows().length(), Deadline.after(env, patience));
            both.append(commit.cursor(), commit.seq(), commit.createdAtMillis());
            both.keptInTables(commit.seq());
            lastSeq = commit.seq();
            return;
        }
        int count = 0;
        for (BatchCursor each = commit.cursor(); each.next(); ) count++;
        if (!freezer.active().hasRoomFor(count, commit.rows().length()))
            freezer.freeze(lastTickMillis);
        Memtable active = freezer.active();
        long before = active.bytes();
        lastTickMillis = Math.max(lastTickMillis, commit.createdAtMillis());
        both.append(commit.cursor(), commit.seq(), commit.createdAtMillis());
        active.apply(commit.cursor(), commit.seq(), commit.createdAtMillis());
        lastSeq = commit.seq();
        commits++;
        rows += count;
        keepBounded(active.bytes() - before);
    }

    /// The last commit in tables of the local disk; 0 if there are none.
    long adoptedSeq() {
        return adoptedSeq;
    }

    /// Throws `CorruptData` if the log ends before the tables of the local disk do.
    void requireAllAdopted() {
        if (lastSeq < adoptedSeq)
            throw new CorruptData(
                    "the log ends before the local tables do. log=`%d`, tables=`%d`"
                            .formatted(lastSeq, adoptedSeq),
                    null);
    }

    /// Ends it: what was read back can be found.
    WriteSide.Recovered done() {
        return new WriteSide.Recovered(lastSeq, lastTickMillis, commits, rows);
    }
}
