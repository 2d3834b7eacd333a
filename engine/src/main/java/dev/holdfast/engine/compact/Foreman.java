package dev.holdfast.engine.compact;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.board.Paper;
import dev.holdfast.engine.board.Posted;
import dev.holdfast.engine.board.WorkBoard;
import dev.holdfast.engine.compact.PartBook.Standing;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartOrder;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// Offers the parts of one attempt at a compaction to workers, sees who claims them, takes them
/// back from those who fall silent, and fetches what comes of them.
///
/// It decides nothing alone: the [PartBook] tells whose report counts. Where no worker is, it costs
/// a question now and then, for as long as parts wait. Runs on one thread.
final class Foreman {
    private static final System.Logger LOG = System.getLogger(Foreman.class.getName());
    private static final Duration LOOK_FIRST = Duration.ofMillis(50);
    private static final Duration WORKERS_LOOK = Duration.ofSeconds(15);

    private final PartBook book;
    private final WorkBoard board;
    private final Terms terms;
    private final Tally tally;
    private final Env env;
    private final Deque<Standing> orders = new ArrayDeque<>(); // that are still to be put
    private final Set<PartKey> givenUp = new HashSet<>();
    private Deadline lookForWorkers;
    private boolean hasOffered;

    /// What all orders of the attempt have in common.
    record Terms(
            Ulid job,
            PartOrder.Sources sources,
            PartOrder.Keeping keeping,
            PartOrder.Making making) {}

    /// What has come of sharing compactions with workers. Thread-safe.
    static final class Tally {
        final AtomicLong offered = new AtomicLong();
        final AtomicLong byWorkers = new AtomicLong();
        final AtomicLong reclaimed = new AtomicLong();
        final AtomicLong resumed = new AtomicLong();
        final AtomicLong late = new AtomicLong();
        final AtomicLong refused = new AtomicLong();

        Compactor.Sharing now() {
            return new Compactor.Sharing(
                    offered.get(),
                    byWorkers.get(),
                    reclaimed.get(),
                    late.get(),
                    refused.get(),
                    resumed.get());
        }
    }

    Foreman(PartBook book, WorkBoard board, Terms terms, Tally tally, Env env) {
        this.book = book;
        this.board = board;
        this.terms = terms;
        this.tally = tally;
        this.env = env;
        lookForWorkers = Deadline.after(env, Duration.ZERO);
    }

    /// Works until every part has ended, or `isCut` becomes true. What then is still offered stays:
    /// whoever compacts next takes up what workers make of it.
    void watch(BooleanSupplier isCut, Token token) throws InterruptedException {
        Token untilStop = token.untilDrain();
        var pace = pace();
        while (!isCut.getAsBoolean() && !untilStop.isStopping() && !book.isOver()) {
            try {
                if (look(isCut)) pace = pace();
            } catch (Unavailable notNow) {
                LOG.log(System.Logger.Level.DEBUG, "foreman waits: {0}", notNow.getMessage());
            }
            untilStop.pause(pace.next());
        }
    }

    private Backoff pace() {
        Duration longest = terms.making().beat().dividedBy(2);
        Duration first = longest.compareTo(LOOK_FIRST) < 0 ? longest : LOOK_FIRST;
        return new Backoff(env, first, longest);
    }

    // True if something has changed.
    private boolean look(BooleanSupplier isCut) {
        boolean hasChanged = offer();
        putOrders(isCut);
        if (!hasOffered) return hasChanged;
        Posted posted = board.look(terms.job());
        for (Standing each : book.offered()) {
            if (!posted.has(each.key(), Paper.CLAIM)) continue;
            book.isTheirs(each.key());
            hasChanged = true;
        }
        for (Standing each : book.theirs()) {
            if (isCut.getAsBoolean()) return hasChanged;
            if (posted.has(each.key(), Paper.RESULT)) hasChanged |= fetch(each.key());
        }
        for (Standing each : book.dueForALook()) {
            if (isCut.getAsBoolean()) return hasChanged;
            book.saw(each.key(), board.readClaim(each.key()));
        }
        for (Standing each : book.silent()) hasChanged |= takeBack(each);
        noteThoseWhoAreLate(posted);
        return hasChanged;
    }

    private boolean offer() {
        if (!book.hasToOffer() || !areWorkersThere()) return false;
        List<Standing> free = book.toOffer();
        orders.addAll(free);
        hasOffered |= !free.isEmpty();
        return !free.isEmpty();
    }

    private void putOrders(BooleanSupplier isCut) {
        for (; !orders.isEmpty() && !isCut.getAsBoolean(); orders.remove()) {
            board.offer(orderOf(orders.getFirst()));
            tally.offered.incrementAndGet();
        }
    }

    private boolean areWorkersThere() {
        if (hasOffered) return true;
        if (!lookForWorkers.isExpired()) return false;
        lookForWorkers = Deadline.after(env, WORKERS_LOOK);
        return board.hasWorkers();
    }

    private PartOrder orderOf(Standing each) {
        return new PartOrder(
                each.key(),
                each.whole().start(),
                each.whole().end(),
                terms.sources(),
                terms.keeping(),
                terms.making(),
                each.finished());
    }

    private boolean fetch(PartKey key) {
        Ulid claimant = book.claimant(key);
        if (claimant == null) {
            book.saw(key, board.readClaim(key));
            claimant = book.claimant(key);
        }
        PartResult result = board.readResult(key);
        if (result == null || claimant == null) return false;
        if (!result.claimant().equals(claimant)) {
            tally.refused.incrementAndGet();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a result of somebody who has no claim is left aside. part=`{0}`, worker=`{1}`",
                    key,
                    result.worker());
            return false;
        }
        if (!result.cause().isEmpty())
            LOG.log(
                    System.Logger.Level.INFO,
                    "a worker gave a part back. part=`{0}`, worker=`{1}`, cause=`{2}`",
                    key,
                    result.worker(),
                    result.cause());
        return book.reported(key, result);
    }

    // What it has finished meanwhile is asked for by name once more, whatever listings show.
    private boolean takeBack(Standing silent) {
        PartKey key = silent.key();
        if (fetch(key)) return true;
        book.saw(key, board.readClaim(key));
        if (book.silent().stream().noneMatch(each -> each.key().equals(key))) return false;
        if (!book.reclaim(key)) return false;
        tally.reclaimed.incrementAndGet();
        givenUp.add(key);
        LOG.log(System.Logger.Level.WARNING, "a worker is silent. part=`{0}`", key);
        board.withdraw(key);
        return true;
    }

    // Whoever was given up and reports all the same: nobody reads it.
    private void noteThoseWhoAreLate(Posted posted) {
        for (PartKey key : posted.keys())
            if (posted.has(key, Paper.RESULT) && givenUp.remove(key)) tally.late.incrementAndGet();
    }
}
