package dev.holdfast.redis.migrate;

import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.rdb.RdbPart;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings keys into Redis databases, many small ones or a part of a large one in one commit, each
/// with a note of how far that is. Not thread-safe.
///
/// Invariants:
/// 1. The note that is committed names keys all of which, with all that belongs to them, are
///    committed with it or before it.
/// 2. A key that is refused leaves nothing behind.
final class ImportBatch {
    private static final int STEPS_MAX = 1000;
    private static final long BYTES_MAX = 4L << 20;

    private final Keyspaces keyspaces;
    private final Consumer<Refusal> refusals;
    private List<Step> steps = new ArrayList<>();
    private long bytes;
    private @Nullable ImportNote note;
    private @Nullable Incoming refused; // what still comes of it is dropped

    /// @param refusals told once a refusal is committed
    ImportBatch(Keyspaces keyspaces, Consumer<Refusal> refusals) {
        this.keyspaces = keyspaces;
        this.refusals = refusals;
    }

    /// Something to do for a key.
    private sealed interface Step {
        Incoming incoming();

        /// What is there gives way.
        record Begin(Incoming incoming) implements Step {}

        /// More of the value.
        record Add(Incoming incoming, List<RdbPart> parts) implements Step {}

        /// All of the value is there.
        record End(Incoming incoming) implements Step {}

        default void run(Keyspace keyspace) {
            Incoming incoming = incoming();
            switch (this) {
                case Begin _ -> keyspace.delete(incoming.key());
                case Add add -> incoming.value().add(keyspace, add.parts);
                case End _ -> {
                    if (incoming.expireAtMillis() != Meta.NO_EXPIRY)
                        keyspace.endAt(incoming.key(), incoming.expireAtMillis());
                }
            }
        }
    }

    /// A key comes.
    void begin(Incoming incoming) throws InterruptedException {
        refused = null;
        add(new Step.Begin(incoming), incoming.key().length());
    }

    /// More of the value of the key comes.
    void add(Incoming incoming, List<RdbPart> parts) throws InterruptedException {
        long weight = 0;
        for (RdbPart part : parts) weight += part.weight();
        add(new Step.Add(incoming, parts), weight);
    }

    /// The key is whole; `note` says how far that is.
    void end(Incoming incoming, ImportNote note) throws InterruptedException {
        if (!incoming.equals(refused)) steps.add(new Step.End(incoming));
        this.note = note;
        if (STEPS_MAX <= steps.size() || BYTES_MAX <= bytes) flush();
    }

    /// Nothing was brought in, but `note` says how far it is.
    void passed(ImportNote note) {
        this.note = note;
    }

    /// Commits what has gathered.
    void flush() throws InterruptedException {
        commit(note);
    }

    /// Commits what has gathered, and that the import is at its end.
    void finish() throws InterruptedException {
        commit(null);
    }

    private void add(Step step, long weight) throws InterruptedException {
        if (step.incoming().equals(refused)) return;
        steps.add(step);
        bytes += weight;
        if (BYTES_MAX <= bytes) flush();
    }

    private void commit(@Nullable ImportNote next) throws InterruptedException {
        List<Step> done = steps;
        steps = new ArrayList<>();
        bytes = 0;
        List<Refusal> found = keyspaces.execute(0, keyspace -> run(keyspace, done, next)).result();
        found.forEach(refusals);
        Incoming last = done.isEmpty() ? null : done.getLast().incoming();
        boolean isRefused =
                last != null
                        && found.stream()
                                .anyMatch(each ->
                                        each.database() == last.database()
                                                && each.key().equals(last.key()));
        if (isRefused) refused = last;
    }

    private static List<Refusal> run(
            Keyspace keyspace, List<Step> steps, @Nullable ImportNote next) {
        List<Refusal> found = new ArrayList<>();
        Set<Incoming> over = new HashSet<>();
        for (Step step : steps) {
            Incoming incoming = step.incoming();
            if (over.contains(incoming)) continue;
            Keyspace in = keyspace.in(incoming.database());
            try {
                in.guarded(part -> {
                    step.run(part);
                    return true;
                });
            } catch (RespError refusal) {
                over.add(incoming);
                if (step instanceof Step.Add) in.delete(incoming.key());
                found.add(new Refusal(incoming.database(), incoming.key(), refusal.text()));
            }
        }
        keyspace.noteImport(next == null ? null : next.alsoLeftOut(found.size()).encode());
        return found;
    }
}
