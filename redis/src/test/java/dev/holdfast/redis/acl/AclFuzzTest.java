package dev.holdfast.redis.acl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.fake.IdleDoorkeeper;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Rules of any bytes: they are refused whole or taken whole, and what a user's line says is what
/// the user may do.
@Tag("SEC-11")
class AclFuzzTest {
    private static final long SEED = Long.getLong("acl.seed", 11);
    private static final int ROUNDS = Integer.getInteger("acl.rounds", 10_000);
    private static final String LETTERS = "+-@~%&>#<!()|*?[]\\RWab \t\0ÿgetsconfig";
    private static final List<String> PIECES =
            List.of(
                    "+",
                    "-",
                    "@",
                    "~",
                    "%R~",
                    "%W~",
                    "&",
                    ">",
                    "#",
                    "(",
                    ")",
                    "|",
                    "get",
                    "set",
                    "client",
                    "list",
                    "read",
                    "all",
                    "*",
                    "a",
                    "b",
                    "on",
                    "off",
                    "nopass",
                    "reset",
                    "allkeys",
                    "resetkeys",
                    "clearselectors",
                    " ");

    private final Syntax get = Syntax.read("GET", 2, _ -> none()).keys(KeySpec.one("RO", "access"));
    private final Syntax set =
            Syntax.write("SET", -3, _ -> none()).keys(KeySpec.one("OW", "update"));
    private final Syntax list = Syntax.session("LIST", 2, _ -> none()).flags(Flag.ADMIN);
    private final Syntax client = Syntax.container("CLIENT", List.of(list));
    private final Syntax publish =
            Syntax.session("PUBLISH", 3, _ -> none()).channels(Syntax.Channels.FIRST);
    private final List<List<Bytes>> calls =
            List.of(
                    words("GET", "a"),
                    words("GET", "b"),
                    words("SET", "a", "1"),
                    words("SET", "ab", "1"),
                    words("CLIENT", "LIST"),
                    words("PUBLISH", "a", "m"),
                    words("PUBLISH", "", "m"));
    private final CommandTable table = new CommandTable(List.of(get, set, client, publish));
    private final Random random = new Random(SEED);

    private static SessionCommand none() {
        return _ -> Reply.OK;
    }

    @Test
    void shouldMakeTheSameUserFromItsLine() {
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Users users = users();
            List<String> rules = new ArrayList<>();
            for (int i = random.nextInt(4); 0 <= i; i--) rules.add(rule());
            String seed = "seed=" + SEED + " round=" + round + " " + rules;
            List<String> before = users.lines();
            try {
                users.set("u", rules);
            } catch (RespError refused) {
                assertEquals(before, users.lines(), seed);
                continue;
            }
            taken++;
            User made = users.find("u");
            Users again = users();
            List<String> lines = users.lines();
            again.replaceBy(lines, seed);
            assertEquals(lines, again.lines(), seed);
            assertEquals(decisions(made), decisions(again.find("u")), seed);
        }
        assertEquals(true, ROUNDS / 50 < taken, "taken=" + taken);
    }

    @Test
    void shouldRefuseWhatIsTooMuch() {
        Users users = users();
        assertThrows(RespError.class, () -> users.set("u", List.of("~" + "x".repeat(65 * 1024))));
        assertThrows(RespError.class, () -> users.set("x".repeat(513), List.of("on")));
        List<String> passwords = new ArrayList<>();
        for (int i = 0; i < 129; i++) passwords.add(">" + i);
        assertThrows(RespError.class, () -> users.set("u", passwords));
        assertThrows(RespError.class, () -> users.set("default", List.of("off", "bogus")));
        assertEquals(true, users.areOpen());
    }

    private Users users() {
        return new Users(table, () -> false, new IdleDoorkeeper());
    }

    private String rule() {
        var rule = new StringBuilder();
        boolean isWild = random.nextInt(3) == 0;
        for (int i = random.nextInt(5); 0 <= i; i--)
            rule.append(
                    isWild
                            ? "" + LETTERS.charAt(random.nextInt(LETTERS.length()))
                            : PIECES.get(random.nextInt(PIECES.size())));
        return rule.toString();
    }

    private List<String> decisions(User user) {
        List<String> decisions = new ArrayList<>();
        for (List<Bytes> call : calls) {
            Syntax command = table.find(call.getFirst());
            decisions.add("" + user.denial(command.calledBy(call), call));
        }
        decisions.add("" + user.isOn() + user.accepts("a".getBytes(ISO_8859_1)));
        return decisions;
    }

    private static List<Bytes> words(String... words) {
        return java.util.Arrays.stream(words).map(Bytes::utf8).toList();
    }
}
