package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.ChangeStream.Batch;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.api.ChangeStream.Row;
import dev.holdfast.engine.api.ChangeStream.Start;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.ChangesMissing;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.Lifetime;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A consumer of changes that dies again and again, and goes on where it was: what it has taken and
/// the place behind it are one thing that it never loses. It holds each commit to the one before.
final class Consumer {
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration LIFE_MAX = Duration.ofHours(1);
    private static final Duration HELD = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Scene scene;
    private final CommitChain chain;
    private final @Nullable String name;
    private @Nullable Position position;
    private final SortedMap<String, String> state = new TreeMap<>();
    private int last;
    private int taken;
    private int died;
    private int begunAnew;
    private @Nullable Throwable wrong;

    /// @param name under which it registers; null for a consumer that nothing is kept for
    Consumer(Scene scene, CommitChain chain, @Nullable String name) {
        this.scene = scene;
        this.chain = chain;
        this.name = name;
    }

    /// The last attempt that it was told of.
    int last() {
        return last;
    }

    /// How many commits it was told of.
    int taken() {
        return taken;
    }

    /// How often it died.
    int died() {
        return died;
    }

    /// How often what it needed was gone.
    int begunAnew() {
        return begunAnew;
    }

    /// What the database holds by what it was told.
    SortedMap<String, String> state() {
        return state;
    }

    /// One life on a machine of its own: until it has taken `commits` more, has met `crash`, or was
    /// told of nothing for `idle`. Returns how it dealt with the store.
    Lifetime live(int commits, @Nullable CrashPoint crash, Duration idle)
            throws InterruptedException {
        Lifetime lifetime = crash == null ? Lifetime.unharmed() : Lifetime.until(crash);
        Node machine = scene.machine();
        machine.env()
                .start(
                        "consumer",
                        () -> guarded(() -> consume(machine, lifetime, commits, idle), lifetime));
        if (!lifetime.await(scene.world(), LIFE_MAX)) throw new AssertionError("a life too long");
        if (lifetime.hasDied()) died++;
        machine.kill();
        if (wrong != null) throw new AssertionError(wrong);
        return lifetime;
    }

    private void guarded(Scene.Deed deed, Lifetime lifetime) {
        try {
            Scene.unchecked(deed);
        } catch (RuntimeException | Error failure) {
            wrong = failure;
        }
        lifetime.end();
    }

    private void consume(Node machine, Lifetime lifetime, int commits, Duration idle)
            throws InterruptedException {
        var link = ObjectStores.patient(scene.store().connect(machine, lifetime), machine.env());
        long end = machine.env().nanoTime() + idle.toNanos();
        ChangeStream changes = null;
        ChangeStream.Gap missing = null;
        for (int count = 0; count < commits && machine.env().nanoTime() < end; ) {
            try {
                if (missing != null) beginAnew(missing.throughSeq(), link, machine);
                else if (position == null && name == null) beginAnew(0, link, machine);
                missing = null;
                if (changes == null)
                    changes =
                            Engine.builder(link, Scene.PATH)
                                    .settings(Scene.TINY)
                                    .env(machine.env())
                                    .changes(settings());
                Batch batch = changes.next(LOOK);
                if (batch == null) continue;
                take(batch);
                count++;
                end = machine.env().nanoTime() + idle.toNanos();
                if (name != null && scene.chance(2) == 0) changes.acknowledge(batch.next());
            } catch (ChangesMissing gone) {
                if (name != null) throw gone;
                changes = null;
                missing = gone.gap();
            } catch (StorageException.Unavailable notNow) {
                machine.env().sleep(Duration.ofSeconds(1 + scene.chance(5)));
            }
        }
        if (changes != null && scene.chance(2) == 0) changes.close();
    }

    // With all that the database holds by now, and behind it.
    private void beginAnew(long seq, ObjectStore link, Node machine) {
        var builder = Engine.builder(link, Scene.PATH).settings(Scene.TINY).env(machine.env());
        try (HoldfastReader reader = builder.openReader(ReaderSettings.heldCheckpoint(HELD))) {
            DbReader.Status shown = reader.status();
            assertTrue(seq <= shown.seq(), "gone through " + seq + ", shown " + shown.seq());
            SortedMap<String, String> fresh = Scene.contents(reader);
            int id = Integer.parseInt(fresh.getOrDefault(CommitChain.LAST, "0"));
            assertTrue(chain.isBehind(id, last), "shown " + id + " behind " + last);
            state.clear();
            state.putAll(fresh);
            last = id;
            if (position != null) begunAnew++;
            position = Position.behind(shown);
        }
    }

    private ChangeStream.Settings settings() {
        ChangeStream.Settings usual =
                name == null ? ChangeStream.Settings.unnamed() : ChangeStream.Settings.named(name);
        Position at = position;
        Start start = at == null ? new Start.Oldest() : new Start.At(Position.parse("" + at));
        return usual.withLease(LEASE).from(start);
    }

    // Whole, and on top of what it was told before.
    private void take(Batch batch) {
        int id = Integer.parseInt(batch.rows().getFirst().value().toUtf8());
        assertEquals(last, chain.parent(id), "commit " + id + " came behind " + last);
        for (Row row : batch.rows()) apply(row);
        assertEquals(chain.state(id), state, "commit " + id);
        last = id;
        taken++;
        position = batch.next();
    }

    private void apply(Row row) {
        String key = row.key().toUtf8();
        Bytes value = row.value();
        switch (row.kind()) {
            case PUT -> state.put(key, value.toUtf8());
            case DELETE -> state.remove(key);
            case MERGE -> throw new AssertionError("nobody merged");
        }
    }
}
