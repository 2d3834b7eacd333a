package dev.holdfast.redis.dispatch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.net.MemoryPipe;
import dev.holdfast.net.MemoryPipe.Origin;
import dev.holdfast.net.PipeException;
import dev.holdfast.redis.acl.AclLog;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.acl.Users;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.fake.IdleDoorkeeper;
import dev.holdfast.redis.fake.TestClient;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.pausing.Pause;
import dev.holdfast.redis.saving.Saves;
import dev.holdfast.redis.server.Clients;
import dev.holdfast.redis.server.ConnectionCommands;
import dev.holdfast.redis.server.Crowd;
import dev.holdfast.redis.server.ServerConfig;
import dev.holdfast.redis.server.ServerParts;
import dev.holdfast.redis.server.ServerState;
import dev.holdfast.redis.server.ServerStats;
import dev.holdfast.redis.strings.StringCommands;
import dev.holdfast.redis.tracking.Tracking;
import dev.holdfast.redis.waiting.WaitingRoom;
import dev.holdfast.redis.watch.CallWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole server without a socket: pipes in memory, a database in memory.
@Timeout(60)
class MemoryPipeServerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Env env = Env.system();
    private final FakeDb db = new FakeDb();
    private final Token token = Token.standalone(env);
    private final Gate gate = new Gate("connections", token);

    @Test
    void shouldAnswerTheSameWhateverPiecesTheRequestsComeIn() throws Exception {
        long seed = Long.getLong("redis.seed", System.nanoTime());
        var random = new Random(seed);
        // given
        var connections = connections();
        var requests = new StringBuilder();
        var replies = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            String value = "v".repeat(random.nextInt(60)) + i;
            requests.append(TestClient.request("SET", "k" + i % 7, value));
            requests.append(TestClient.request("GET", "k" + i % 7));
            replies.append("+OK\r\n$").append(value.length()).append("\r\n").append(value);
            replies.append("\r\n");
        }
        MemoryPipe client = connect(connections);
        // when
        Thread sending = Thread.ofVirtual().start(() -> send(client, requests.toString(), random));
        String received = receive(client, replies.length());
        sending.join();
        // then
        assertEquals(replies.toString(), received, "seed=" + seed);
        Deadline deadline = Deadline.after(env, LONG);
        assertEquals(0, connections.drain(() -> deadline, token, () -> true));
        assertEquals(0, connections.count());
    }

    @Test
    @Tag("SEC-07")
    void shouldHoldTheClientBackWhenItReadsNoReplies() throws Exception {
        // given
        var connections = connections();
        MemoryPipe client = connect(connections);
        client.write(List.of(bytes(TestClient.request("SET", "k", "x".repeat(10_000)))), LONG);
        receive(client, "+OK\r\n".length());
        String ask = TestClient.request("GET", "k").repeat(100);
        // when: far more is asked for than all buffers between hold
        long asked = 0;
        try {
            for (; asked < 100_000; asked += 100)
                client.write(List.of(bytes(ask)), Duration.ofMillis(200));
        } catch (PipeException held) {
            assertEquals(PipeException.Reason.STALLED, held.reason());
        }
        // then
        assertTrue(asked < 100_000, "never held back");
        connections.cutAll();
    }

    @Test
    @Tag("SEC-06")
    void shouldCutOffWhoeverHoldsMostWhenAllTogetherHoldTooMuch() throws Exception {
        // given
        var memory = new ClientMemory(1_000_000);
        Services services = services();
        List<Connection> open = new ArrayList<>();
        List<MemoryPipe> far = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            MemoryPipe.Pair pair = MemoryPipe.pair(BUFFER_BYTES, Origin.HERE);
            far.add(pair.client());
            open.add(
                    new Connection(
                            pair.server(),
                            services,
                            memory,
                            Beside.of(services),
                            new Entrance(gate, token, env)));
        }
        open.get(1).session().spare();
        // when
        memory.holds(open.get(0), 300_000);
        memory.holds(open.get(1), 600_000);
        memory.holds(open.get(2), 200_000);
        // then
        assertEquals(1_100_000, memory.total());
        assertEquals(null, far.get(0).read(LONG));
        assertEquals(Bytes.EMPTY, far.get(1).read(Duration.ZERO));
        assertEquals(Bytes.EMPTY, far.get(2).read(Duration.ZERO));
        memory.forget(open.get(0));
        memory.holds(open.get(1), 10);
        assertEquals(200_000, memory.total());
    }

    @Test
    void shouldRefuseStrangersFromElsewhereWhileThereIsNoPassword() throws Exception {
        // given
        var connections = connections();
        MemoryPipe.Pair elsewhere = MemoryPipe.pair(BUFFER_BYTES, Origin.ELSEWHERE);
        // when
        elsewhere.client().write(List.of(bytes("PING\r\n")), LONG);
        connections.serve(elsewhere.server());
        // then
        assertTrue(receive(elsewhere.client(), 700).startsWith("-DENIED Redis is running in"));
        assertEquals(null, elsewhere.client().read(LONG));
    }

    @Test
    void shouldSayWhyToWhoeverComesInWhileItStops() throws Exception {
        // given
        var connections = connections();
        gate.close();
        MemoryPipe.Pair late = MemoryPipe.pair(BUFFER_BYTES, Origin.HERE);
        // when
        late.client().write(List.of(bytes("PING\r\n")), LONG);
        connections.serve(late.server());
        // then
        String told = "-LOADING the server stops, ask again\r\n";
        assertEquals(told, receive(late.client(), told.length()));
        assertEquals(null, late.client().read(LONG));
    }

    @Test
    void shouldAskForMoreTimeBeforeItIsOverWhenNotAllIsAnswered() throws Exception {
        // given
        var connections = connections();
        MemoryPipe client = connect(connections);
        db.holdDurability();
        long before = db.watermarks().of(Durability.MEMORY);
        client.write(List.of(bytes(TestClient.request("SET", "k", "v"))), LONG);
        while (db.watermarks().of(Durability.MEMORY) == before) Thread.onSpinWait();
        // when: it is put off, but not once it has come
        Duration most = Duration.ofMillis(3_000);
        Duration near = Duration.ofMillis(2_900);
        var present = new AtomicReference<>(Deadline.after(env, most));
        Supplier<Deadline> inTime =
                () -> {
                    Duration left = present.get().remaining();
                    boolean isNear = !left.isZero() && left.compareTo(near) < 0;
                    if (isNear) present.set(Deadline.after(env, LONG));
                    return present.get();
                };
        var cut = new AtomicReference<Long>();
        Thread draining = Thread.ofVirtual().start(() -> cut.set(drained(connections, inTime)));
        assertFalse(draining.join(most.plusMillis(100)));
        db.releaseDurability();
        // then
        assertEquals("+OK\r\n", receive(client, "+OK\r\n".length()));
        assertEquals(null, client.read(LONG));
        client.close();
        draining.join();
        assertEquals(0L, cut.get());
    }

    private long drained(Connections connections, Supplier<Deadline> deadline) {
        try {
            return connections.drain(deadline, token, () -> true);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldTellWhatACallWasServedJustBeforeItsClientHadToLeave() throws Exception {
        // given: a run has served the call, and its client's thread has not looked yet
        Services services = services();
        MemoryPipe.Pair pair = MemoryPipe.pair(BUFFER_BYTES, Origin.HERE);
        var connection =
                new Connection(
                        pair.server(),
                        services,
                        new ClientMemory(1_000_000),
                        Beside.of(services),
                        new Entrance(gate, token, env));
        connection.session().blockOn(new Served(Reply.simple("element")));
        // when
        connection.drain();
        connection.leave();
        Thread.ofVirtual().start(connection::run);
        // then
        assertEquals("+element\r\n", receive(pair.client(), "+element\r\n".length()));
        assertEquals(null, pair.client().read(LONG));
    }

    /// A call that waited and was served.
    private record Served(Reply reply) implements Session.Block {
        @Override
        public long nanosLeft(long nowNanos) {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean isOver() {
            return true;
        }

        @Override
        public long seq() {
            return 0;
        }

        @Override
        public boolean expire() {
            return false;
        }

        @Override
        public boolean end(Reply answer) {
            return false;
        }
    }

    private MemoryPipe connect(Connections connections) {
        MemoryPipe.Pair pair = MemoryPipe.pair(BUFFER_BYTES, Origin.HERE);
        connections.serve(pair.server());
        return pair.client();
    }

    private Connections connections() throws Exception {
        return new Connections(services(), new Entrance(gate, token, env));
    }

    private Services services() throws Exception {
        var config = new ServerConfig("memory", 0, 100, Durability.REMOTE);
        var keyspaces = Keyspaces.open(db, env);
        var stats = new ServerStats(() -> true);
        var saves = new Saves(env, db, config::saveKept, (_, _) -> null);
        var clients = new Clients();
        var parts =
                new ServerParts(
                        config,
                        new ServerState(env),
                        stats,
                        Crowd.of(clients),
                        new ServerParts.Store(db, keyspaces, saves));
        var users = new AtomicReference<Users>();
        var log = new AclLog(env, config::aclLogMax);
        var guard = new Guard(users::get, log, Session::who);
        var connectionCommands = new ConnectionCommands(guard);
        List<Syntax> commands = new ArrayList<>(connectionCommands.all());
        commands.addAll(StringCommands.ALL);
        var table = new CommandTable(commands);
        users.set(new Users(table, config::hearsAllAtFirst, new IdleDoorkeeper()));
        var dispatcher =
                new Dispatcher(
                        table,
                        new Dispatcher.Keys(keyspaces, new WaitingRoom(env), () -> null),
                        new Dispatcher.Notes(
                                stats,
                                CallWatch.none(env),
                                new Tracking(clients::byId, () -> 0, (_, _) -> {}),
                                new Pause(env),
                                guard),
                        env,
                        new Gate("commands", token));
        return new Services(env, dispatcher, new Durables(db, config), connectionCommands, parts);
    }

    private static void send(MemoryPipe client, String text, Random random) {
        try {
            for (int from = 0; from < text.length(); ) {
                int length = Math.min(1 + random.nextInt(3_000), text.length() - from);
                client.write(List.of(bytes(text.substring(from, from + length))), LONG);
                from += length;
            }
        } catch (java.io.IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String receive(MemoryPipe client, int count) throws Exception {
        var received = new StringBuilder();
        while (received.length() < count) {
            Bytes piece = client.read(LONG);
            assertNotNull(piece, "ended after " + received.length());
            received.append(new String(piece.toArray(), ISO_8859_1));
        }
        return received.toString();
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(ISO_8859_1));
    }
}
