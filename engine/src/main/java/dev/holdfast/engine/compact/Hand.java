package dev.holdfast.engine.compact;

import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.board.WorkBoard;
import dev.holdfast.engine.board.WorkBoard.Claimed;
import dev.holdfast.engine.compact.CompactionJob.Part;
import dev.holdfast.engine.compact.PartBook.Standing;
import dev.holdfast.engine.compact.PartBook.Turn;
import dev.holdfast.engine.event.PartRecord;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.work.FinishedTable;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.format.work.PartResult.Ending;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One thread of a [Crew]: takes one turn after the other from the [PartBook] of an attempt.
final class Hand {
    private static final System.Logger LOG = System.getLogger(Hand.class.getName());
    private static final String NAME = "compactor";
    private static final int NONE = -1;

    private final Shift shift;
    private final WorkBoard board;
    private final Foreman.Tally tally;
    private final Env env;
    private final Reports reports;
    private int part = NONE; // that it has in hand

    /// What all hands of one attempt work on, and with.
    record Shift(
            ActiveJob job, PartBook book, CompactionJob work, RunWriter run, TableCheck check) {}

    /// @param isOver true once every part is to end
    /// @param toJob runs what it is given under the lock that guards jobs
    record Reports(BooleanSupplier isOver, Consumer<Runnable> toJob) {}

    Hand(Shift shift, WorkBoard board, Foreman.Tally tally, Env env, Reports reports) {
        this.shift = shift;
        this.board = board;
        this.tally = tally;
        this.env = env;
        this.reports = reports;
    }

    /// Works until every part has ended, or the attempt breaks off; however it ends, the job is
    /// told.
    void workUntilOver(Token token) throws InterruptedException {
        RuntimeException failure = new Unavailable("a part of a compaction broke off", null);
        try {
            Turn turn = shift.book().next(reports.isOver(), token);
            for (; turn != null; turn = shift.book().next(reports.isOver(), token)) take(turn);
            failure = shift.book().isOver() ? null : new CompactionCut();
        } catch (StorageException | CompactionCut met) {
            failure = met;
        } finally {
            if (failure != null) breakOff(failure);
        }
    }

    /// Ends the attempt: what nobody has in hand, and what this one has, is lost to it.
    void breakOff(RuntimeException failure) {
        int lost = shift.book().close();
        if (part != NONE) {
            shift.book().lost(part);
            lost++;
        }
        int count = lost;
        reports.toJob()
                .accept(() -> {
                    for (int i = 0; i < count; i++) shift.job().partFailed(failure);
                });
    }

    private void take(Turn turn) {
        part = turn.standing().number();
        switch (turn) {
            case Turn.Work work -> work(work.standing());
            case Turn.Claim offered -> {
                if (claim(offered.standing())) work(offered.standing());
            }
            case Turn.Check check -> check(check);
        }
        part = NONE;
    }

    private boolean claim(Standing offered) {
        Ulid claimant = Ulid.next(env);
        var claim = new PartClaim(offered.key(), claimant, NAME, 0, 0, offered.finished());
        Claimed outcome = board.claim(claim);
        shift.book().claimed(offered.key(), outcome);
        return outcome == Claimed.OURS;
    }

    private void work(Standing standing) {
        List<FinishedTable> made = new ArrayList<>(standing.finished());
        boolean isThrough = false;
        try (var told = new PartRecord(shift.job().id(), standing.number())) {
            Consumer<RunWriter.Written> written =
                    table -> {
                        made.add(table.finished());
                        told.wrote(table.bytes());
                        tell(standing, table.table());
                    };
            DbStats.Rows rows =
                    shift.work().work(standing.part(), shift.run(), reports.isOver(), written);
            told.done(rows);
            isThrough = true;
            keep(standing, made, Ending.DONE);
            end(standing, rows);
        } finally {
            if (!isThrough && standing.finished().size() < made.size())
                keep(standing, made, Ending.GIVEN_BACK);
        }
    }

    // So that it is taken up by whoever compacts next, though a part before it is not done yet.
    private void keep(Standing standing, List<FinishedTable> made, Ending ending) {
        boolean isWhole = standing.whole().behind() == null;
        if (!isWhole || !shift.job().isShared() || shift.job().isAbandoned()) return;
        Part whole = standing.whole();
        var result =
                new PartResult(
                        standing.key(),
                        whole.start(),
                        whole.end(),
                        Ulid.next(env),
                        NAME,
                        ending,
                        0,
                        made,
                        "");
        try {
            board.deliver(result);
        } catch (Unavailable notKept) {
            LOG.log(System.Logger.Level.DEBUG, "not kept: {0}", notKept.getMessage());
        }
    }

    private void check(Turn.Check check) {
        Standing standing = check.standing();
        List<FinishedTable> told = check.report().finished();
        List<FinishedTable> known = standing.finished();
        boolean isSequel =
                known.size() <= told.size() && told.subList(0, known.size()).equals(known);
        List<FinishedTable> fresh = isSequel ? told.subList(known.size(), told.size()) : List.of();
        int right = isSequel ? countRight(standing, fresh) : refuse(standing, "tables are missing");
        if (isSequel && right == fresh.size() && check.report().isDone()) {
            tally.byWorkers.incrementAndGet();
            end(standing, new DbStats.Rows(check.report().rowsRead(), 0, 0, 0));
        } else {
            shift.book().goOnBehind(standing.number(), fresh.subList(0, right));
        }
    }

    private int countRight(Standing standing, List<FinishedTable> fresh) {
        int right = 0;
        Part left = standing.part();
        try {
            for (FinishedTable each : fresh) {
                shift.check().require(each, left.keys(), reports.isOver());
                left = left.behind(each.table());
                tell(standing, Durable.confirmed(each.table())); // it was just read
                right++;
            }
        } catch (Unavailable notNow) {
            LOG.log(System.Logger.Level.WARNING, "not checked: {0}", notNow.getMessage());
        } catch (CorruptData wrong) {
            refuse(standing, wrong.getMessage());
        }
        return right;
    }

    private int refuse(Standing standing, String why) {
        tally.refused.incrementAndGet();
        shift.book().distrust(standing.number());
        LOG.log(
                System.Logger.Level.ERROR,
                "what a worker made is refused. part=`{0}`, cause=`{1}`",
                standing.key(),
                why);
        return 0;
    }

    private void tell(Standing standing, Durable<SstHandle> table) {
        reports.toJob().accept(() -> shift.job().finished(standing.number(), table));
    }

    private void end(Standing standing, DbStats.Rows rows) {
        shift.book().done(standing.number());
        reports.toJob().accept(() -> shift.job().partDone(standing.number(), rows));
    }
}
