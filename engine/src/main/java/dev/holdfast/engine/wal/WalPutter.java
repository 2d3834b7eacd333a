package dev.holdfast.engine.wal;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.event.LogPutEvent;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.wal.WalEncoder;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Puts a log object and finds out how that ended, however often the reply is lost.
///
/// A put is repeated with the same bytes and the same put id until the store says what is there
/// now: a lost reply is neither a failure nor a lost race.
public final class WalPutter {
    /// How a put ended.
    enum Outcome {
        /// Our object is there.
        OURS,
        /// Another writer's object is there.
        FOREIGN,
        /// A stop cut the attempts: the object may be there or not.
        GIVEN_UP,
        /// It was given up before the first attempt: the object is not there.
        UNTRIED
    }

    private static final Duration PAUSE_FIRST = Duration.ofMillis(5);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final NumberedNames names;
    private final Settings settings;
    private final Sealing sealing;
    private final Env env;

    public WalPutter(ObjectStore store, String root, Settings settings, Env env) {
        this.store = store;
        names = NumberedNames.wals(root);
        this.settings = settings;
        sealing = new Sealing(settings.keys(), env);
        this.env = env;
    }

    /// @param due when it is to be put though nobody waits for it
    WalSegment newSegment(Deadline due) {
        SstSettings form = StoredForm.of(settings);
        SectionSeal seal = sealing.log();
        return new WalSegment(() -> new WalEncoder(form.blockSize(), form.codec(), seal), due);
    }

    /// Puts `parts` as object `id`. `refused` is told each time the store says that a person must
    /// act.
    Outcome put(long id, List<Bytes> parts, Token token, Consumer<RuntimeException> refused)
            throws InterruptedException {
        var event = new LogPutEvent();
        event.begin();
        Outcome outcome = putRepeatedly(names.name(id), parts, token, refused);
        event.end();
        if (event.shouldCommit()) {
            event.object = names.name(id);
            for (Bytes part : parts) event.bytes += part.length();
            event.outcome = outcome.name();
            event.commit();
        }
        return outcome;
    }

    private Outcome putRepeatedly(
            String name, List<Bytes> parts, Token token, Consumer<RuntimeException> refused)
            throws InterruptedException {
        var sending = new Sending(name, parts);
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        while (!token.isCancelled()) {
            Finding finding;
            try {
                finding = sending.attempt();
            } catch (ObjectStoreException.Unavailable _) {
                finding = Finding.NOTHING;
            } catch (ObjectStoreException.Refused refusal) {
                refused.accept(refusal);
                finding = Finding.NOTHING;
            }
            if (finding == Finding.OURS) return Outcome.OURS;
            if (finding == Finding.FOREIGN) return Outcome.FOREIGN;
            token.pause(backoff.next());
        }
        return Outcome.GIVEN_UP;
    }

    /// Object `id` with `parts`, to be attempted until the store says what is there.
    Sending sending(long id, List<Bytes> parts) {
        return new Sending(names.name(id), parts);
    }

    /// One put under one put id, however often it is attempted. One thread at a time.
    final class Sending {
        private final String name;
        private final List<Bytes> parts;
        private final Ulid putId = Ulid.next(env);

        private Sending(String name, List<Bytes> parts) {
            this.name = name;
            this.parts = parts;
        }

        String name() {
            return name;
        }

        Finding attempt() {
            return switch (store.putIfAbsent(name, parts, putId)) {
                case PutResult.Stored _ -> Finding.OURS;
                case PutResult.AlreadyExists _, PutResult.Unknown _ -> look(name, parts, putId);
            };
        }
    }

    /// What an attempt has found.
    enum Finding {
        /// Our object is there.
        OURS,
        /// Another writer's object is there.
        FOREIGN,
        /// Nothing is there, or nobody can say.
        NOTHING
    }

    // The put id decides. A store that keeps no attributes leaves the bytes to compare: a log
    // object with rows is never written alike by two writers.
    private Finding look(String name, List<Bytes> parts, Ulid putId) {
        ObjectMeta found = store.head(name);
        if (found == null) return Finding.NOTHING;
        if (found.putId() != null)
            return found.putId().equals(putId) ? Finding.OURS : Finding.FOREIGN;
        Bytes there = store.get(name);
        if (there == null) return Finding.NOTHING;
        if (isConcatenation(there, parts)) return Finding.OURS;
        // Bytes damaged on the way must not look like a newer writer's.
        return there.equals(store.get(name)) ? Finding.FOREIGN : Finding.NOTHING;
    }

    private static boolean isConcatenation(Bytes whole, List<Bytes> parts) {
        int at = 0;
        for (Bytes part : parts) {
            if (whole.length() - at < part.length()) return false;
            if (!whole.slice(at, at + part.length()).equals(part)) return false;
            at += part.length();
        }
        return at == whole.length();
    }

    Env env() {
        return env;
    }

    Settings settings() {
        return settings;
    }
}
