package dev.holdfast.redis.acl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.fake.IdleDoorkeeper;
import dev.holdfast.redis.fuzz.Fuzzing;
import dev.holdfast.redis.fuzz.Wording;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The rules of a user, one a line. They are taken whole or not at all, and the line that says what
/// the user may do makes the same user again.
public final class AclTarget implements Fuzzing.Target {
    private final Syntax get = Syntax.read("GET", 2, _ -> none()).keys(KeySpec.one("RO", "access"));
    private final Syntax set =
            Syntax.write("SET", -3, _ -> none()).keys(KeySpec.one("OW", "update"));
    private final Syntax list = Syntax.session("LIST", 2, _ -> none()).flags(Flag.ADMIN);
    private final Syntax client = Syntax.container("CLIENT", List.of(list));
    private final Syntax publish =
            Syntax.session("PUBLISH", 3, _ -> none()).channels(Syntax.Channels.FIRST);
    private final CommandTable table = new CommandTable(List.of(get, set, client, publish));
    private final List<List<Bytes>> calls =
            List.of(
                    words("GET", "a"),
                    words("GET", "b"),
                    words("SET", "a", "1"),
                    words("SET", "ab", "1"),
                    words("CLIENT", "LIST"),
                    words("PUBLISH", "a", "m"),
                    words("PUBLISH", "", "m"));

    private static SessionCommand none() {
        return _ -> Reply.OK;
    }

    private static List<Bytes> words(String... words) {
        return Arrays.stream(words).map(Bytes::utf8).toList();
    }

    @Override
    public String name() {
        return "ACL rules";
    }

    @Override
    public List<byte[]> first() {
        return bytes(
                "on\n>word\n~a*\n+get\n+client|list\n&news",
                "reset\nnopass\nallkeys\nallcommands\n-@dangerous",
                "on\n(~b %R~c +@read)\n(&x +publish)\nclearselectors",
                "#" + "ab".repeat(32) + "\n%RW~[a-c]?\n-set\nresetchannels\nsanitize-payload");
    }

    @Override
    public List<byte[]> tokens() {
        return bytes(
                "+",
                "-",
                "@",
                "~",
                "%R~",
                "%W~",
                "%RW~",
                "&",
                ">",
                "<",
                "#",
                "!",
                "(",
                ")",
                "|",
                "get",
                "set",
                "client",
                "list",
                "read",
                "write",
                "all",
                "*",
                "?",
                "[",
                "]",
                "\\",
                "on",
                "off",
                "nopass",
                "reset",
                "resetkeys",
                "resetpass",
                "resetchannels",
                "clearselectors",
                "allkeys",
                "allchannels",
                "allcommands",
                "nocommands",
                "\n",
                " ",
                "\0",
                "\u00ff",
                "(+get ~a)",
                "ab".repeat(32));
    }

    private static List<byte[]> bytes(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(ISO_8859_1)).toList();
    }

    @Override
    public long allocatedMax(int length) {
        return (16L << 20) + 4_000L * length;
    }

    @Override
    public String behaviour(byte[] input) {
        Users users = users();
        List<String> before = users.lines();
        try {
            users.set("u", new String(input, ISO_8859_1).lines().toList());
        } catch (RespError refused) {
            if (!before.equals(users.lines())) throw new AssertionError("taken in part", refused);
            return "refused " + Wording.of(refused.text());
        }
        Users again = users();
        List<String> lines = users.lines();
        again.replaceBy(lines, "fuzz");
        if (!lines.equals(again.lines()))
            throw new AssertionError(lines + " is not " + again.lines());
        List<String> may = decisions(users.find("u"));
        if (!may.equals(decisions(again.find("u")))) throw new AssertionError(lines + " " + may);
        return "taken " + Wording.of(may.toString()) + users.find("u").more().size();
    }

    private Users users() {
        return new Users(table, () -> false, new IdleDoorkeeper());
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
}
