package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@Tag("SEC-11")
class AclTest {
    private static final String NO_KEY =
            "-NOPERM this user has no permissions to access one of the keys used as arguments";
    private static final String WRONG =
            "-WRONGPASS invalid username-password pair or user is disabled.";
    private static final String CHANGED =
            "-NOPERM ACLs rules changed between the moment the transaction was accumulated and the"
                    + " EXEC call. This command is no longer allowed for the following reason: ";

    @TempDir Path directory;

    @Test
    void shouldLetAUserDoWhatItsRulesSayAndNothingElse() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            // given
            assertEquals("OK", admin.call("ACL", "SETUSER", "alice", "on", ">p1", "~a*", "+get"));
            assertEquals(WRONG, client.call("AUTH", "alice", "p2"));
            // when
            assertEquals("OK", client.call("AUTH", "alice", "p1"));
            // then
            assertEquals("nil", client.call("GET", "a1"));
            assertEquals(NO_KEY, client.call("GET", "b1"));
            assertEquals(
                    "-NOPERM this user has no permissions to run the 'set' command",
                    client.call("SET", "a1", "1"));
            assertEquals(
                    "-NOPERM this user has no permissions to run the 'client|list' command",
                    client.call("CLIENT", "LIST"));
            assertEquals(
                    "-ERR unknown subcommand 'X'. Try CLIENT HELP.", client.call("CLIENT", "X"));
            assertTrue(admin.call("CLIENT", "LIST").contains("user=alice"));
            assertEquals(":1", admin.call("CLIENT", "KILL", "USER", "alice"));
            assertEquals(TestClient.END, client.read());
        }
    }

    @Test
    void shouldApplyNewRulesToThoseWhoAreConnected() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            // given
            admin.call("ACL", "SETUSER", "bob", "on", "nopass", "~*", "&*", "+@all");
            assertEquals("OK", client.call("AUTH", "bob", "anything"));
            assertEquals("OK", client.call("SET", "a", "1"));
            // when
            assertEquals("OK", admin.call("ACL", "SETUSER", "bob", "resetkeys", "%R~a"));
            // then
            assertEquals(NO_KEY, client.call("SET", "a", "2"));
            assertEquals("1", client.call("GET", "a"));
        }
    }

    @Test
    void shouldAskAgainWhenATransactionRuns() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            // given
            admin.call("ACL", "SETUSER", "m", "on", "nopass", "~*", "&*", "+@all");
            client.call("AUTH", "m", "x");
            client.call("MULTI");
            for (String[] call :
                    List.of(
                            new String[] {"GET", "a"},
                            new String[] {"SET", "b", "1"},
                            new String[] {"PUBLISH", "c", "m"},
                            new String[] {"PING"})) assertEquals("QUEUED", client.call(call));
            // when
            admin.call("ACL", "SETUSER", "m", "-get", "resetkeys", "resetchannels");
            // then
            assertEquals(
                    "["
                            + CHANGED
                            + "no permission to execute the command or subcommand, "
                            + CHANGED
                            + "no permission to touch the specified keys, "
                            + CHANGED
                            + "no permission to access one of the channels used as arguments,"
                            + " PONG]",
                    client.call("EXEC"));
            assertEquals("nil", admin.call("GET", "b"));
        }
    }

    @Test
    void shouldSpoilATransactionWithWhatIsNotAllowed() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            admin.call("ACL", "SETUSER", "m", "on", "nopass", "~a", "+@all");
            client.call("AUTH", "m", "x");
            client.call("MULTI");
            assertEquals("QUEUED", client.call("SET", "a", "1"));
            assertEquals(NO_KEY, client.call("SET", "b", "1"));
            assertEquals(
                    "-EXECABORT Transaction discarded because of previous errors.",
                    client.call("EXEC"));
            assertEquals("nil", admin.call("GET", "a"));
        }
    }

    @Test
    void shouldEndSubscriptionsToChannelsThatAreTakenAway() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var loser = new TestClient(server.port());
                var keeper = new TestClient(server.port())) {
            // given
            admin.call("ACL", "SETUSER", "s", "on", "nopass", "&a", "&b*", "+@all");
            loser.call("AUTH", "s", "x");
            keeper.call("AUTH", "s", "x");
            assertEquals("[subscribe, a, :1]", loser.call("SUBSCRIBE", "a"));
            assertEquals("[psubscribe, b*, :1]", keeper.call("PSUBSCRIBE", "b*"));
            assertEquals(
                    "-NOPERM this user has no permissions to access one of the channels used as"
                            + " arguments",
                    keeper.call("PSUBSCRIBE", "b1*"));
            // when
            admin.call("ACL", "SETUSER", "s", "resetchannels", "&b*");
            // then
            assertEquals(TestClient.END, loser.read());
            assertEquals(":1", admin.call("PUBLISH", "b1", "m"));
            assertEquals("[pmessage, b*, b1, m]", keeper.read());
        }
    }

    @Test
    void shouldEndAWaitForAKeyThatIsTakenAway() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            // given
            admin.call("ACL", "SETUSER", "w", "on", "nopass", "~*", "+@all");
            client.call("AUTH", "w", "x");
            client.send("BLPOP", "queue", "0");
            while (!admin.call("INFO", "clients").contains("blocked_clients:1")) admin.call("PING");
            // when
            admin.call("ACL", "SETUSER", "w", "resetkeys", "~a");
            // then
            assertEquals(NO_KEY, client.read());
            assertEquals(":1", admin.call("RPUSH", "queue", "x"));
            assertEquals(":1", admin.call("LLEN", "queue"));
        }
    }

    @Test
    void shouldSendAwayClientsOfAUserThatIsRemoved() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port());
                var own = new TestClient(server.port())) {
            admin.call("ACL", "SETUSER", "one", "on", "nopass", "~*", "+@all");
            admin.call("ACL", "SETUSER", "two", "on", "nopass", "~*", "+@all");
            client.call("AUTH", "one", "x");
            own.call("AUTH", "two", "x");
            assertEquals(":1", admin.call("ACL", "DELUSER", "one", "nosuch"));
            assertEquals(TestClient.END, client.read());
            assertEquals(":1", own.call("ACL", "DELUSER", "two"));
            assertEquals(TestClient.END, own.read());
            assertEquals("[default]", admin.call("ACL", "USERS"));
        }
    }

    @Test
    void shouldKeepThePasswordOfTheDefaultUserWithRequirepass() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            assertEquals("PONG", other.call("PING"));
            assertEquals("OK", client.call("CONFIG", "SET", "requirepass", "foo"));
            assertEquals("PONG", client.call("PING"));
            assertEquals("PONG", other.call("PING")); // it was let in before
            try (var late = new TestClient(server.port())) {
                assertEquals("-NOAUTH Authentication required.", late.call("PING"));
                assertEquals("OK", late.call("AUTH", "default", "foo"));
            }
            assertEquals("OK", client.call("ACL", "SETUSER", "default", ">bar"));
            try (var late = new TestClient(server.port())) {
                assertEquals("OK", late.call("AUTH", "bar"));
                assertEquals("OK", late.call("AUTH", "foo"));
            }
            assertEquals("OK", client.call("CONFIG", "SET", "requirepass", ""));
            try (var late = new TestClient(server.port())) {
                assertEquals("PONG", late.call("PING"));
            }
        }
    }

    @Test
    void shouldNoteWhatWasNotAllowed() throws Exception {
        var options = RedisOptions.defaults().with("acllog-max-len", "3");
        try (var server = new TestServer(options);
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            admin.call("ACL", "SETUSER", "u", "on", ">p", "~a", "+get");
            client.call("AUTH", "u", "wrong");
            client.call("AUTH", "u", "wrong");
            client.call("AUTH", "u", "p");
            client.call("GET", "b");
            client.call("SET", "b", "1");
            String log = admin.call("ACL", "LOG");
            assertTrue(
                    log.contains(
                            "count, :2, reason, auth, context, toplevel, object, auth,"
                                    + " username, u"),
                    log);
            assertTrue(log.contains("reason, key, context, toplevel, object, b, username, u"), log);
            assertTrue(
                    log.startsWith("[[count, :1, reason, command, context, toplevel, object, set"),
                    log);
            assertTrue(log.contains("user=u"), log);
            client.call("GET", "c".repeat(5000));
            log = admin.call("ACL", "LOG", "100");
            assertFalse(log.contains("reason, auth"), log);
            assertFalse(log.contains("c".repeat(1025)), "bounded");
            assertEquals("OK", admin.call("ACL", "LOG", "RESET"));
            assertEquals("[]", admin.call("ACL", "LOG"));
        }
    }

    @Test
    void shouldKeepUsersInAFile() throws Exception {
        Path file = directory.resolve("users.acl");
        Files.writeString(
                file,
                "user alice on >p1 ~* +@all (+get ~x) ( +set ~y )\n\n"
                        + "user default on nopass +@all ~* &*\n");
        var options = RedisOptions.defaults().with("aclfile", file.toString());
        try (var server = new TestServer(options);
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port());
                var gone = new TestClient(server.port())) {
            // given
            assertEquals("OK", client.call("AUTH", "alice", "p1"));
            assertEquals("OK", admin.call("ACL", "SETUSER", "bob", "on", "nopass"));
            gone.call("AUTH", "bob", "x");
            // when it is saved
            assertEquals("OK", admin.call("ACL", "SAVE"));
            assertEquals(3, Files.readAllLines(file).size());
            // then it comes back as it was
            String before = admin.call("ACL", "LIST");
            assertEquals("OK", admin.call("ACL", "LOAD"));
            assertEquals(before, admin.call("ACL", "LIST"));
            assertEquals("PONG", client.call("PING"));
            // when it is wrong, nothing changes
            Files.writeString(file, "user alice on bogus\nusr x\n");
            String complaint = admin.call("ACL", "LOAD");
            assertTrue(complaint.contains(file + ":1: Syntax error. "), complaint);
            assertTrue(complaint.contains(file + ":2 should start with user keyword"), complaint);
            assertEquals(before, admin.call("ACL", "LIST"));
            // when somebody is missing in it, its clients are sent away
            Files.writeString(file, "user alice on >p1 ~* +@all\n");
            assertEquals("OK", admin.call("ACL", "LOAD"));
            assertEquals(TestClient.END, gone.read());
            assertEquals("PONG", client.call("PING"));
        }
    }

    @Test
    void shouldNotStartWithUsersThatMakeNoSense() throws Exception {
        Path missing = directory.resolve("missing.acl");
        var wrongFile = RedisOptions.defaults().with("aclfile", missing.toString());
        var wrongLine = RedisOptions.defaults().withUsers(List.of("user a +nosuch"));
        assertThrows(Exception.class, () -> new TestServer(wrongFile).close());
        assertThrows(Exception.class, () -> new TestServer(wrongLine).close());
    }

    @Test
    void shouldTakeUsersFromTheConfiguration() throws Exception {
        var lines = List.of("user default off", "user ops on >p ~* &* +@all");
        try (var server = new TestServer(RedisOptions.defaults().withUsers(lines));
                var client = new TestClient(server.port())) {
            assertEquals("-NOAUTH Authentication required.", client.call("PING"));
            assertEquals(WRONG, client.call("AUTH", "default", ""));
            assertEquals("OK", client.call("AUTH", "ops", "p"));
            assertEquals("PONG", client.call("PING"));
            assertEquals("ops", client.call("ACL", "WHOAMI"));
            assertTrue(client.call("CONFIG", "GET", "user").equals("[]"));
        }
    }

    @Test
    void shouldKeepSortFromLookingElsewhere() throws Exception {
        try (var server = new TestServer();
                var admin = new TestClient(server.port());
                var client = new TestClient(server.port())) {
            admin.call("ACL", "SETUSER", "s", "on", "nopass", "~a", "~b", "+@all");
            admin.call("RPUSH", "a", "1");
            client.call("AUTH", "s", "x");
            assertEquals(
                    "-ERR BY option of SORT denied due to insufficient ACL permissions.",
                    client.call("SORT", "a", "BY", "w_*"));
            assertEquals(
                    "-ERR GET option of SORT denied due to insufficient ACL permissions.",
                    client.call("SORT", "a", "GET", "#"));
            assertEquals(":1", client.call("SORT", "a", "STORE", "b"));
            assertEquals(NO_KEY, client.call("SORT", "a", "STORE", "b", "STORE", "c"));
            assertEquals(NO_KEY, client.call("SORT", "a", "STORE", "c", "STORE", "b"));
            admin.call("ACL", "SETUSER", "s", "%R~*");
            assertEquals("[nil]", client.call("SORT", "a", "GET", "w_*"));
        }
    }
}
