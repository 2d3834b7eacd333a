package dev.holdfast.engine.board;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.work.PaperCodec;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartOrder;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where a compactor offers parts of compactions, and workers claim them: objects below `workers/`,
/// under the root of one database.
///
/// Invariants:
/// 1. Of any number who claim one attempt at a part, one is told that it is theirs.
/// 2. A result is put once: what comes later under its name changes nothing.
/// 3. A paper that is damaged, too large, or another's is as good as none.
///
/// No engine but ours looks there. Thread-safe: it holds no state.
public final class WorkBoard {
    /// A paper that is larger is not read: no worker makes so many tables of one part.
    public static final long PAPER_BYTES_MAX = 16L << 20;

    private static final System.Logger LOG = System.getLogger(WorkBoard.class.getName());
    private static final int PAGES_MAX = 8;
    private static final int CLAIM_ATTEMPTS_MAX = 3;

    private final ObjectStore store;
    private final BoardNames names;
    private final Env env;

    /// @param root the path of the database, empty for the store's root
    public WorkBoard(ObjectStore store, String root, Env env) {
        this.store = store;
        this.env = env;
        names = new BoardNames(root);
    }

    /// How a claim ended.
    public enum Claimed {
        /// It is ours, and nobody else's.
        OURS,
        /// Somebody else was faster.
        THEIRS,
        /// The store did not say. It may become ours later: then nobody works under it, and it is
        /// taken back as from one who died.
        UNKNOWN
    }

    /// Everything on the board, or as much of it as a few pages hold.
    public Posted look() {
        return listed(names.prefix());
    }

    /// Everything about one compaction.
    public Posted look(Ulid job) {
        return listed(names.job(job));
    }

    /// True if any worker says that it is there.
    public boolean hasWorkers() {
        return asked(() -> store.list(names.workers(), null, 1)).stream()
                .anyMatch(object -> names.isPresence(object.name()));
    }

    private Posted listed(String prefix) {
        var posted = new Posted();
        String position = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            String after = position;
            List<ObjectMeta> objects =
                    asked(() -> store.list(prefix, after, ObjectStore.LIST_LIMIT_MAX));
            for (ObjectMeta object : objects) {
                position = object.name();
                note(object, posted);
            }
            if (objects.size() < ObjectStore.LIST_LIMIT_MAX) break;
        }
        return posted;
    }

    private void note(ObjectMeta object, Posted posted) {
        if (names.isPresence(object.name()))
            posted.addWorker(object.name().substring(names.workers().length()));
        BoardNames.Posting posting = names.posting(object.name());
        if (posting == null) return;
        if (object.size() <= PAPER_BYTES_MAX) posted.add(posting);
        else
            LOG.log(
                    System.Logger.Level.WARNING,
                    "too large for a paper. object=`{0}`, size=`{1}`",
                    object.name(),
                    object.size());
    }

    /// Offers a part to whoever claims it first.
    public void offer(PartOrder order) {
        Ulid putId = Ulid.next(env);
        put(names.paper(order.key(), Paper.ORDER), PaperCodec.encode(order, putId));
    }

    /// Takes an offer back. Who works on it finds out at its next beat.
    public void withdraw(PartKey key) {
        asked(() -> {
            store.delete(names.paper(key, Paper.ORDER));
            return key;
        });
    }

    /// True as long as the offer stands.
    public boolean isOffered(PartKey key) {
        return asked(() -> store.head(names.paper(key, Paper.ORDER))) != null;
    }

    /// Claims what is offered.
    public Claimed claim(PartClaim claim) {
        String name = names.paper(claim.key(), Paper.CLAIM);
        Ulid putId = Ulid.next(env);
        Bytes encoded = PaperCodec.encode(claim, putId);
        try {
            for (int attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
                PutResult result = store.putIfAbsent(name, List.of(encoded), putId);
                if (result instanceof PutResult.Stored) return Claimed.OURS;
                PartClaim there = readClaim(claim.key());
                if (there != null)
                    return there.claimant().equals(claim.claimant())
                            ? Claimed.OURS
                            : Claimed.THEIRS;
            }
        } catch (ObjectStoreException | Unavailable unanswered) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "claim unknown. object=`{0}`, cause=`{1}`",
                    name,
                    unanswered.getMessage());
        }
        return Claimed.UNKNOWN;
    }

    /// Says that the worker of `claim`, which is ours, lives, and how far it has come.
    public void beat(PartClaim claim) {
        put(names.paper(claim.key(), Paper.CLAIM), PaperCodec.encode(claim, Ulid.next(env)));
    }

    /// Puts what came of a part; what came of it before stands.
    public void deliver(PartResult result) {
        String name = names.paper(result.key(), Paper.RESULT);
        Ulid putId = Ulid.next(env);
        Bytes encoded = PaperCodec.encode(result, putId);
        asked(() -> {
            PutResult put = store.putIfAbsent(name, List.of(encoded), putId);
            if (put instanceof PutResult.Unknown unknown)
                throw new Unavailable("not delivered. object=`" + name + "`", unknown.cause());
            return put;
        });
    }

    /// The order; null if there is none that can be read.
    public @Nullable PartOrder readOrder(PartKey key) {
        return read(key, Paper.ORDER, PaperCodec::order);
    }

    /// The claim as it was put last; null if there is none that can be read.
    public @Nullable PartClaim readClaim(PartKey key) {
        return read(key, Paper.CLAIM, PaperCodec::claim);
    }

    /// The result; null if there is none that can be read.
    public @Nullable PartResult readResult(PartKey key) {
        return read(key, Paper.RESULT, PaperCodec::result);
    }

    private <T> @Nullable T read(PartKey key, Paper paper, BiFunction<Bytes, PartKey, T> decode) {
        String name = names.paper(key, paper);
        try {
            return readOnce(name, key, decode);
        } catch (FormatException _) { // damage on the way is healed by reading once more
            try {
                return readOnce(name, key, decode);
            } catch (FormatException damaged) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a paper cannot be read, and does not count. object=`{0}`, cause=`{1}`",
                        name,
                        damaged.getMessage());
                return null;
            }
        }
    }

    private <T> @Nullable T readOnce(
            String name, PartKey key, BiFunction<Bytes, PartKey, T> decode) {
        Bytes object = asked(() -> store.get(name));
        return object == null ? null : decode.apply(object, key);
    }

    /// Says that a worker is there, for as long as it says so again.
    public void announce(String worker) {
        put(names.worker(worker), Bytes.utf8(worker));
    }

    /// Says that a worker is gone.
    public void leave(String worker) {
        asked(() -> {
            store.delete(names.worker(worker));
            return worker;
        });
    }

    /// Removes all papers about one compaction; answers how many there were.
    public int clear(Ulid job) {
        Set<String> found = new HashSet<>();
        Posted posted = look(job);
        for (PartKey key : posted.keys())
            for (Paper paper : Paper.values())
                if (posted.has(key, paper)) found.add(names.paper(key, paper));
        for (String name : found) {
            asked(() -> {
                store.delete(name);
                return name;
            });
        }
        return found.size();
    }

    // The name is the putter's alone, and the later put counts: repeating it is harmless.
    private void put(String name, Bytes encoded) {
        asked(() -> {
            PutResult put = store.put(name, List.of(encoded));
            if (put instanceof PutResult.Unknown unknown)
                throw new Unavailable("paper not put. object=`" + name + "`", unknown.cause());
            return put;
        });
    }

    private static <R> @Nullable R asked(Supplier<@Nullable R> question) {
        try {
            return question.get();
        } catch (ObjectStoreException unanswered) {
            throw new Unavailable("the board: " + unanswered.getMessage(), unanswered);
        }
    }
}
