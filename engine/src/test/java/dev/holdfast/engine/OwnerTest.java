package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.OwnedElsewhere;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.gc.Collector;
import dev.holdfast.engine.gc.ShiftedEnv;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.local.DatabaseOwner.End;
import dev.holdfast.engine.local.DatabaseOwner.Mode;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who may open a database whose commits may lie on a local disk alone.
@Timeout(60)
class OwnerTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Settings ALONE =
            Settings.defaults()
                    .but()
                    .untended()
                    .flushInterval(Duration.ofMinutes(10)) // ships what is waited for, and no more
                    .writeTimeout(SOON)
                    .closeTimeout(SOON)
                    .build();

    private final ShiftedEnv env = new ShiftedEnv();
    private final MemoryStore store = new MemoryStore(env);
    private final StallingStore stalling = new StallingStore(store);

    @TempDir Path scratch;

    private EngineBuilder node(String name) {
        return node(name, stalling);
    }

    private EngineBuilder node(String name, ObjectStore store) {
        var local = LocalSettings.in(scratch.resolve(name)).withSegmentSize(ByteSize.kibibytes(64));
        return plain(store).local(local);
    }

    private EngineBuilder plain() {
        return plain(stalling);
    }

    private EngineBuilder plain(ObjectStore store) {
        return Engine.builder(store, "db").settings(ALONE).env(env);
    }

    private static void write(HoldfastDb db, String value, Durability level) {
        db.write(new WriteBatch().put(KEY, Bytes.utf8(value)), level);
    }

    // Ends it as a kill would: nothing is shipped, nothing is said.
    private void leaveUnshipped(EngineBuilder builder, String value) {
        HoldfastDb db = builder.open();
        stalling.stall();
        write(db, value, Durability.LOCAL);
        db.shutdown(dev.holdfast.lifecycle.Mode.FAST, SOON);
        stalling.goOn();
    }

    private List<String> slips() {
        return store.list("db/holdfast/", null, 100).stream()
                .map(ObjectMeta::name)
                .map(name -> name.replaceAll("db/holdfast/|0{5,}|\\.json", ""))
                .filter(name -> !name.equals("database"))
                .toList();
    }

    private @Nullable DatabaseOwner owner() {
        return Engine.ownerOf(store, "db");
    }

    @Test
    @Tag("owner")
    void shouldTellWhoItIsAndThatItDrained() {
        HoldfastDb db = node("a").open();
        DatabaseOwner open = owner();
        assertNotNull(open);
        assertEquals(Mode.LOCAL_FIRST, open.mode());
        assertEquals(1, open.epoch());
        assertEquals(scratch.resolve("a").toString(), open.directory());
        assertTrue(open.mayHaveMore());
        assertEquals(open, db.owner());

        write(db, "1", Durability.LOCAL);
        db.close();

        DatabaseOwner closed = owner();
        assertNotNull(closed);
        assertEquals(End.DRAINED, closed.end());
        assertFalse(closed.mayHaveMore());
        try (HoldfastDb other = node("b").open()) {
            assertEquals(Bytes.utf8("1"), other.get(KEY));
        }
    }

    @Test
    @Tag("owner")
    void shouldRefuseAnotherNodeAndLeaveTheOwnerInPeace() {
        try (HoldfastDb db = node("a").open()) {
            write(db, "1", Durability.LOCAL);

            var refused = assertThrows(OwnedElsewhere.class, () -> node("b").open());
            assertEquals(1, refused.owner().epoch());
            assertThrows(OwnedElsewhere.class, () -> plain().open());
            assertThrows(
                    OwnedElsewhere.class,
                    () -> Engine.open(store, "db", Settings.defaults()).close());

            write(db, "2", Durability.REMOTE); // and it was not fenced
        }
    }

    @Test
    void shouldNotAskItsOwnNode() {
        leaveUnshipped(node("a"), "1");

        try (HoldfastDb again = node("a").open()) {
            assertEquals(Bytes.utf8("1"), again.get(KEY));
        }
    }

    /// It had looked for owners before the word was there, and puts its manifest afterwards.
    @Test
    @Tag("owner")
    void shouldLeaveAnOwnerInPeaceThatSpokeWhileAnotherWasOpening() throws Exception {
        plain().open().close();
        var isAboutToPut = new CountDownLatch(1);
        var mayPut = new CountDownLatch(1);
        var slow =
                new ForwardingStore(store) {
                    @Override
                    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
                        if (name.startsWith("db/manifest/")) {
                            isAboutToPut.countDown();
                            await(mayPut);
                        }
                        return super.putIfAbsent(name, parts, putId);
                    }
                };
        var other = new FutureTask<>(() -> plain(slow).open());
        var interrupted =
                new ForwardingStore(store) {
                    @Override
                    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
                        if (name.startsWith("db/holdfast/owner-")) {
                            env.start("other opener", other);
                            await(isAboutToPut);
                        }
                        return super.putIfAbsent(name, parts, putId);
                    }
                };
        // given
        HoldfastDb owner = node("a", interrupted).open();
        write(owner, "1", Durability.LOCAL);
        assertEquals(0, isAboutToPut.getCount(), "the owner has not spoken");
        // when
        mayPut.countDown();
        var met = assertThrows(ExecutionException.class, () -> other.get(20, TimeUnit.SECONDS));
        // then
        assertInstanceOf(OwnedElsewhere.class, met.getCause());
        write(owner, "2", Durability.REMOTE);
        owner.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldTakeOverWithAWordAndAskTheFormerOwnerForOne() {
        leaveUnshipped(node("a"), "1");

        HoldfastDb other = node("b").takeOver().open();
        assertNull(other.get(KEY));
        assertThrows(OwnedElsewhere.class, () -> node("a").open());
        other.close();

        try (HoldfastDb back = node("a").open()) {
            assertNull(back.get(KEY));
            assertNotNull(back.local().diverged());
        }
    }

    @Test
    void shouldEndTheOwnershipThoughTheNextHasNoDisk() {
        leaveUnshipped(node("a"), "1");

        plain().takeOver().open().close();

        DatabaseOwner owner = owner();
        assertNotNull(owner);
        assertEquals(Mode.REMOTE, owner.mode());
        plain().open().close();
        assertEquals(List.of("owner-1", "owner-2"), slips());
    }

    @Test
    void shouldLetAnybodyRead() {
        try (HoldfastDb db = node("a").open()) {
            write(db, "1", Durability.REMOTE);
            try (DbReader reader = Engine.openReader(store, "db")) {
                assertEquals(Bytes.utf8("1"), reader.get(KEY));
            }
        }
    }

    @Test
    void shouldNotOutliveATakeover() {
        HoldfastDb first = node("a").open();
        HoldfastDb second = node("b").takeOver().open();

        assertThrows(Closed.class, () -> write(first, "1", Durability.REMOTE));

        first.shutdown(dev.holdfast.lifecycle.Mode.SMART, SOON);
        DatabaseOwner owner = owner();
        assertNotNull(owner);
        assertEquals(2, owner.epoch());
        assertTrue(owner.mayHaveMore());
        second.close();
    }

    @Test
    void shouldClearWhatFormerOwnersLeft() throws InterruptedException {
        for (int life = 0; life < 3; life++) node("a").open().close();
        HoldfastDb last = node("a").open();
        write(last, "1", Durability.REMOTE);
        env.shift(Duration.ofHours(1));

        var rules = new CollectionRules(Duration.ofMinutes(5), Sweep.REMOVE);
        new Collector(store, "db", rules, env, Token.standalone(env)).collect();

        assertEquals(List.of("owner-4"), slips());
        last.close();
        assertEquals(List.of("drained-4", "owner-4"), slips());
    }

    @Test
    void shouldAskOnceWhereNobodyEverHadALocalDisk() {
        plain().open().close();
        var asked = new ArrayList<String>();
        var listening =
                new ForwardingStore(store) {
                    @Override
                    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
                        if (prefix.startsWith("db/holdfast/")) asked.add("list");
                        return super.list(prefix, after, limit);
                    }

                    @Override
                    public @Nullable Bytes get(String name) {
                        if (name.startsWith("db/holdfast/")) asked.add("get");
                        return super.get(name);
                    }
                };

        Engine.builder(listening, "db").settings(ALONE).env(env).open().close();

        assertEquals(List.of("list"), asked);
        assertEquals(List.of(), slips());
    }

    @Test
    void shouldNotTrustADamagedWord() {
        leaveUnshipped(node("a"), "1");
        String name = store.list("db/holdfast/owner-", null, 1).getFirst().name();
        store.put(name, List.of(Bytes.utf8("{\"epoch\":1")));

        var met =
                assertThrows(
                        dev.holdfast.engine.api.StorageException.CorruptData.class,
                        () -> node("b").open());
        assertTrue(met.getMessage().contains(name), met.getMessage());
        assertTrue(met.getMessage().contains("--take-over"), met.getMessage());
    }

    @Test
    void shouldGoOnWithoutADamagedWordIfToldTo() {
        leaveUnshipped(node("a"), "1");
        String name = store.list("db/holdfast/owner-", null, 1).getFirst().name();
        store.put(name, List.of(Bytes.utf8("{\"epoch\":1")));

        plain().takeOver().open().close();

        plain().open().close(); // and it is in nobody's way any more
        DatabaseOwner owner = owner();
        assertNotNull(owner);
        assertEquals(Mode.REMOTE, owner.mode());
    }

    /// The real world, which has no thread for who starts after the keeper of the ownership.
    private static final class ScarceEnv implements Env {
        private final Env real = Env.system();
        private final List<String> started = new CopyOnWriteArrayList<>();

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return real.currentTimeMillis();
        }

        @Override
        public long randomLong() {
            return real.randomLong();
        }

        @Override
        public Thread start(String name, Runnable body) {
            boolean isLate = started.contains("ownership") && name.startsWith("compact");
            if (isLate) throw new IllegalStateException("no thread");
            started.add(name);
            return real.start(name, body);
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            real.sleep(duration);
        }
    }

    @Test
    void shouldNotSayDrainedWhenAStartFailsBeforeTheTailIsReplayed() {
        leaveUnshipped(node("a"), "1");
        var scarce = new ScarceEnv();

        Settings tended = Settings.defaults().but().writeTimeout(SOON).closeTimeout(SOON).build();
        EngineBuilder cut = node("a").settings(tended).env(scarce);
        assertThrows(Unavailable.class, cut::open);

        assertTrue(scarce.started.contains("ownership"), scarce.started.toString());
        assertThrows(OwnedElsewhere.class, () -> node("b").open());
        try (HoldfastDb again = node("a").open()) {
            assertEquals(Bytes.utf8("1"), again.get(KEY));
        }
    }
}
