package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.redis.keyspace.Home;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Gives the same rules to this server and to a real Redis, and compares what both make of them.
@Timeout(120)
@Tag("SEC-11")
class AclDifferentialTest {
    private static final long SEED = Long.getLong("acl.seed", 7);
    private static final int ROUNDS = Integer.getInteger("acl.rounds", 400);
    private static final int CALLS = 12;
    private static final String HASH =
            "f64551fcd6f07823cb87971cfb91446425da18286b3ab1ef935e0cbd7a69f68a";

    /// Each is a call; a blank ends a word, and `^` stands for one inside a word.
    private static final String CALLS_TO_COMPARE =
            """
            acl whoami
            acl users
            acl list
            acl cat
            acl cat nosuch
            acl cat a b
            acl nosuch
            acl
            acl help
            acl getuser default
            acl getuser nosuch
            acl setuser x reset
            acl getuser x
            acl setuser x skip-sanitize-payload
            acl list
            acl setuser y bogus
            acl setuser y +nosuch
            acl setuser y +@nosuch
            acl setuser y -@nosuch
            acl setuser y #abc
            acl setuser y !abc
            acl setuser y <nopw
            acl setuser y ~* ~a
            acl setuser y &* &a
            acl setuser y %~a
            acl setuser y %RR~a
            acl setuser y %X~a
            acl setuser y %R
            acl setuser y ~a^b
            acl setuser y &a^b
            acl setuser y^z on
            acl setuser y +config|nosuch
            acl setuser y +config|set|a
            acl setuser y +get|
            acl setuser y -get|a
            acl setuser y +nosuch|a
            acl setuser y (+get ~a)
            acl setuser y (+get
            acl setuser y (+get))
            acl setuser y (nosuch)
            acl setuser y (+get^~*^~a)
            acl setuser y ()
            acl setuser y +get )
            acl setuser y )
            acl setuser y (^+get^^^~x^) (on)
            acl setuser y ((+get))
            acl setuser y +@all|x
            acl setuser y -select|1
            acl setuser y >p1 >p2 >p1 on ~x %R~foo* %rw~both %w~x &ch &ch
            acl getuser y
            acl setuser y <p1 nopass resetkeys resetchannels allkeys
            acl getuser y
            acl setuser y clearselectors off allchannels resetpass
            acl getuser y
            acl list
            acl deluser default
            acl deluser nosuch y x
            acl deluser
            acl genpass 0
            acl genpass 4097
            acl genpass x
            acl genpass 1 2
            acl dryrun nosuch get a
            acl dryrun default nosuch
            acl dryrun default get
            acl dryrun default client nosuch x
            acl dryrun default get a
            acl setuser d on nopass +get ~a* +publish &ch +client|kill +set %R~r* %W~w* +psubscribe
            acl dryrun d get b
            acl dryrun d publish x y
            acl dryrun d psubscribe ch
            acl dryrun d psubscribe c*
            acl dryrun d config get x
            acl dryrun d client kill
            acl dryrun d set w1 1
            acl dryrun d set w1 1 get
            acl log 1 2
            acl log x
            acl log -1
            acl log reset
            acl log
            acl load
            acl save
            auth a
            auth d
            auth a b c
            auth nosuch x
            auth d x
            acl whoami
            get b
            set b 1
            config get x
            publish x y
            subscribe x
            client list
            client nosuch
            client kill
            nosuch
            multi
            exec
            discard
            hello 2 auth nosuch x
            reset
            acl whoami
            """;

    private static final List<String> COMMANDS =
            List.of(
                    "get a",
                    "get b",
                    "set a 1",
                    "set b 1 get",
                    "mget a b",
                    "del a",
                    "exists b",
                    "sort a by x",
                    "sort a store b",
                    "sort_ro b",
                    "bitfield a get u8 0",
                    "bitfield a set u8 0 1",
                    "bitfield_ro b get u8 0",
                    "xread streams a b 0 0",
                    "xgroup create a g 0",
                    "object encoding b",
                    "memory usage a",
                    "publish c1 m",
                    "spublish c2 m",
                    "subscribe c1 c2",
                    "psubscribe c*",
                    "ssubscribe c1",
                    "unsubscribe c2",
                    "client list",
                    "client id",
                    "config get x",
                    "config set a b",
                    "select 0",
                    "select 1",
                    "ping",
                    "echo x",
                    "zunionstore a 1 b",
                    "georadius a 1 1 1 km store b",
                    "copy a b",
                    "rename a b",
                    "lmove a b left right",
                    "blpop a b 0",
                    "eval x 1 a",
                    "flushall",
                    "keys *",
                    "auth x",
                    "hello",
                    "multi",
                    "watch a",
                    "command",
                    "command count",
                    "info",
                    "pfcount a b",
                    "hset a f v",
                    "zadd b 1 m",
                    "sinterstore a b c",
                    "getex a",
                    "pubsub channels",
                    "acl whoami",
                    "acl list",
                    "reset",
                    "quit",
                    "dbsize");
    private static final List<String> RULES =
            List.of(
                    "on",
                    "off",
                    "nopass",
                    "resetpass",
                    "reset",
                    "allkeys",
                    "resetkeys",
                    "~*",
                    "~a",
                    "~a*",
                    "%R~b",
                    "%W~b",
                    "%RW~*",
                    "%R~*",
                    "%W~*",
                    "~[ab]",
                    "%W~a",
                    "allchannels",
                    "resetchannels",
                    "&*",
                    "&c1",
                    "&c*",
                    "&c?",
                    "+@all",
                    "-@all",
                    "allcommands",
                    "nocommands",
                    "+@read",
                    "-@read",
                    "+@write",
                    "-@write",
                    "+@keyspace",
                    "-@dangerous",
                    "+@connection",
                    "-@slow",
                    "+@fast",
                    "+@pubsub",
                    "-@pubsub",
                    "+@string",
                    "-@list",
                    "+@admin",
                    "+get",
                    "-get",
                    "+set",
                    "-set",
                    "+client",
                    "-client",
                    "+client|list",
                    "-client|list",
                    "+config|get",
                    "-config",
                    "+select|0",
                    "+select|1",
                    "-select",
                    "+select",
                    "+sort",
                    "-sort",
                    "+publish",
                    "+acl|whoami",
                    "-acl",
                    "+GET",
                    "+Client|ID",
                    "(+get ~b)",
                    "(+@read %R~a*)",
                    "(+@all ~*)",
                    "(+publish &c2)",
                    "clearselectors",
                    "(+set %W~* &*)",
                    "+command",
                    "-command",
                    "+command|count",
                    ">pw",
                    "<pw",
                    "#" + HASH,
                    "!" + HASH,
                    "%X~a",
                    "~",
                    "&",
                    "+",
                    "-",
                    "+@",
                    "(",
                    ")",
                    "%",
                    "%R",
                    "+get|a",
                    "+client|",
                    "-ping",
                    "+ping");

    @TempDir Path directory;

    @Test
    void shouldAnswerAsRedisDoes() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            for (String call : CALLS_TO_COMPARE.lines().toList()) {
                List<String> words = words(call);
                compare(call, redis.call(words), holdfast.call(words), wrong);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void shouldAllowWhatRedisAllows() throws Exception {
        var random = new Random(SEED);
        List<String> wrong = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            List<String> commands = known(holdfast);
            for (int round = 0; round < ROUNDS && wrong.isEmpty(); round++) {
                String seed = "seed=" + SEED + " round=" + round + " ";
                List<String> set = new ArrayList<>(List.of("acl", "setuser", "u" + round % 7));
                for (int i = random.nextInt(5); 0 <= i; i--)
                    set.add(RULES.get(random.nextInt(RULES.size())));
                compare(seed + set, redis.call(set), holdfast.call(set), wrong);
                List<String> get = List.of("acl", "getuser", set.get(2));
                compare(
                        seed + set,
                        withoutCommands(redis.call(get)),
                        withoutCommands(holdfast.call(get)),
                        wrong);
                for (int i = 0; i < CALLS && wrong.isEmpty(); i++) {
                    List<String> dryRun = new ArrayList<>(List.of("acl", "dryrun", set.get(2)));
                    dryRun.addAll(words(commands.get(random.nextInt(commands.size()))));
                    compare(seed + set + dryRun, redis.call(dryRun), holdfast.call(dryRun), wrong);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void shouldPutCommandsIntoTheCategoriesOfRedis() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            TreeSet<String> here = texts(holdfast.call("command", "list"));
            TreeSet<String> there = texts(redis.call("command", "list"));
            for (String category : texts(redis.call("acl", "cat"))) {
                TreeSet<String> expected = texts(redis.call("acl", "cat", category));
                TreeSet<String> actual = texts(holdfast.call("acl", "cat", category));
                expected.retainAll(here);
                actual.retainAll(there);
                if (!expected.equals(actual))
                    wrong.add(category + ": " + expected + " but " + actual);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    // What is not here yet cannot be asked for.
    private static List<String> known(RespClient holdfast) throws Exception {
        TreeSet<String> here = texts(holdfast.call("command", "list"));
        return COMMANDS.stream().filter(call -> here.contains(words(call).getFirst())).toList();
    }

    private static void compare(
            String what, RespValue expected, RespValue actual, List<String> wrong) {
        if (!withoutClients(expected).equals(withoutClients(actual)))
            wrong.add(what + ": " + expected + " but " + actual);
    }

    private static List<String> words(String call) {
        List<String> words = new ArrayList<>();
        for (String word : call.split(" ")) words.add(word.replace('^', ' '));
        return words;
    }

    // Ages and addresses are never the same.
    private static RespValue withoutClients(RespValue value) {
        List<RespValue> parts = new ArrayList<>();
        for (int i = 0; i < value.parts().size(); i++) {
            String text = value.parts().get(i).text();
            if (text.equals("age-seconds") || text.equals("client-info")) i++;
            else parts.add(withoutClients(value.parts().get(i)));
        }
        return new RespValue(value.kind(), value.text(), parts);
    }

    // Redis describes a set of commands; here the rules are shown that were given.
    private static RespValue withoutCommands(RespValue value) {
        List<RespValue> parts = new ArrayList<>();
        for (int i = 0; i < value.parts().size(); i++) {
            if (value.parts().get(i).text().equals("commands")) i++;
            else parts.add(withoutCommands(value.parts().get(i)));
        }
        return new RespValue(value.kind(), value.text(), parts);
    }

    private static TreeSet<String> texts(RespValue list) {
        TreeSet<String> texts = new TreeSet<>();
        for (RespValue part : list.parts()) texts.add(part.text());
        return texts;
    }
}
