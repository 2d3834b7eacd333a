package dev.holdfast.redis.strings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.CommandLine;
import dev.holdfast.redis.keyspace.TestEnv;
import org.junit.jupiter.api.Test;

class StringCommandsTest {
    private static final String WRONG_TYPE =
            "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
    private static final String SYNTAX = "-ERR syntax error\r\n";
    private static final String NOT_AN_INTEGER = "-ERR value is not an integer or out of range\r\n";
    private static final String TOO_LONG =
            "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n";
    private static final String NIL = "$-1\r\n";
    private static final String OK = "+OK\r\n";

    private final TestEnv env = new TestEnv(1);
    private final CommandLine calls = new CommandLine(new FakeDb(), env);

    @Test
    void shouldGiveTheStringBackWhenItWasSet() {
        assertReply(OK, "SET k value");
        assertReply("$5\r\nvalue\r\n", "GET k");
        assertReply(NIL, "GET missing");
    }

    @Test
    void shouldRefuseWhenTheValueIsOfAnotherType() {
        calls.call("LPUSH list x");
        String[] lines = {
            "GET list",
            "GETSET list v",
            "GETDEL list",
            "GETEX list",
            "APPEND list v",
            "STRLEN list",
            "INCR list",
            "INCRBYFLOAT list 1",
            "GETRANGE list 0 1",
            "SETRANGE list 0 v",
            "SET list v GET"
        };
        for (String line : lines) assertReply(WRONG_TYPE, line);
        assertReply("*1\r\n$-1\r\n", "MGET list");
        assertReply("+list\r\n", "TYPE list");
    }

    @Test
    void shouldSetOnlyWhenTheConditionHolds() {
        assertReply(NIL, "SET k v XX");
        assertReply(OK, "SET k v NX");
        assertReply(NIL, "SET k w NX");
        assertReply("$1\r\nv\r\n", "SET k w NX GET");
        assertReply("$1\r\nv\r\n", "SET k w XX GET");
        assertReply("$1\r\nw\r\n", "GET k");
        assertReply(SYNTAX, "SET k v NX XX");
    }

    @Test
    void shouldKeepOrDropTheExpiryWhenSetAgain() {
        assertReply(OK, "SET k v EX 100");
        assertReply(OK, "SET k w KEEPTTL");
        assertReply(":100\r\n", "TTL k");
        assertReply(OK, "SET k x");
        assertReply(":-1\r\n", "TTL k");
        assertReply(SYNTAX, "SET k v EX 1 PX 1");
        assertReply(SYNTAX, "SET k v EX 1 KEEPTTL");
        assertReply(SYNTAX, "SET k v EX");
    }

    @Test
    void shouldRefuseTheExpiryWhenItIsNoTime() {
        assertReply("-ERR invalid expire time in 'set' command\r\n", "SET k v EX 0");
        assertReply("-ERR invalid expire time in 'set' command\r\n", "SET k v PXAT -5");
        assertReply(
                "-ERR invalid expire time in 'setex' command\r\n", "SETEX k 9223372036854775807 v");
        assertReply("-ERR invalid expire time in 'psetex' command\r\n", "PSETEX k 0 v");
        assertReply(NOT_AN_INTEGER, "SET k v EX soon");
        assertReply(NIL, "GETEX k EX soon");
    }

    @Test
    void shouldForgetTheStringWhenItsTimeIsOver() {
        assertReply(OK, "SETEX k 10 v");
        env.forwardMillis(10_000);
        assertReply("$1\r\nv\r\n", "GET k");
        env.forwardMillis(1);
        assertReply(NIL, "GET k");
        assertReply(":1\r\n", "SETNX k w");
    }

    @Test
    void shouldChangeTheExpiryWhenAStringIsGotWithOptions() {
        calls.call("SET k v");
        assertReply("$1\r\nv\r\n", "GETEX k PX 1500");
        assertReply(":1500\r\n", "PTTL k");
        assertReply("$1\r\nv\r\n", "GETEX k PERSIST");
        assertReply(":-1\r\n", "TTL k");
        assertReply("$1\r\nv\r\n", "GETEX k EXAT 1");
        assertReply(":0\r\n", "EXISTS k");
        assertReply(SYNTAX, "GETEX k NX");
    }

    @Test
    void shouldHandOverTheOldStringWhenItIsReplacedOrRemoved() {
        assertReply(NIL, "GETSET k a");
        assertReply("$1\r\na\r\n", "GETSET k b");
        assertReply("$1\r\nb\r\n", "GETDEL k");
        assertReply(NIL, "GETDEL k");
    }

    @Test
    void shouldSetAllOrNothingWhenManyMustBeNew() {
        assertReply(":1\r\n", "MSETNX a 1 b 2");
        assertReply(":0\r\n", "MSETNX b 3 c 4");
        assertReply("*3\r\n$1\r\n1\r\n$1\r\n2\r\n$-1\r\n", "MGET a b c");
        assertReply("-ERR wrong number of arguments for 'mset' command\r\n", "MSET a 1 b");
        assertReply("-ERR wrong number of arguments for 'msetnx' command\r\n", "MSETNX a 1 b");
    }

    @Test
    void shouldCountUpAndDownWhenTheStringIsAnInteger() {
        assertReply(":1\r\n", "INCR n");
        assertReply(":-9\r\n", "DECRBY n 10");
        calls.call("SET n 9223372036854775807");
        assertReply("-ERR increment or decrement would overflow\r\n", "INCR n");
        calls.call("SET n -9223372036854775808");
        assertReply("-ERR increment or decrement would overflow\r\n", "DECR n");
        assertReply("-ERR decrement would overflow\r\n", "DECRBY n -9223372036854775808");
        calls.call("SET n 012");
        assertReply(NOT_AN_INTEGER, "INCR n");
        assertReply(NOT_AN_INTEGER, "INCRBY n 1.5");
    }

    @Test
    void shouldKeepTheExpiryWhenAStringIsChangedInPlace() {
        calls.call("SET n 1 EX 100");
        calls.call("INCR n");
        calls.call("APPEND n 5");
        calls.call("SETRANGE n 0 7");
        calls.call("INCRBYFLOAT n 0.5");
        assertReply("$4\r\n75.5\r\n", "GET n");
        assertReply(":100\r\n", "TTL n");
    }

    @Test
    void shouldCutPartsOutWhenRangesAreAsked() {
        calls.call("SET k Hello");
        assertReply("$4\r\nHell\r\n", "GETRANGE k 0 3");
        assertReply("$3\r\nllo\r\n", "GETRANGE k -3 -1");
        assertReply("$5\r\nHello\r\n", "SUBSTR k -100 100");
        assertReply("$0\r\n\r\n", "GETRANGE k 3 1");
        assertReply("$0\r\n\r\n", "GETRANGE missing 0 -1");
    }

    @Test
    void shouldFillWithZerosWhenWrittenBehindTheEnd() {
        assertReply(":5\r\n", "SETRANGE k 3 ab");
        assertReply("$5\r\n\0\0\0ab\r\n", "GET k");
        assertReply(":0\r\n", "SETRANGE missing 3 \"\"");
        assertReply(":0\r\n", "EXISTS missing");
        assertReply("-ERR offset is out of range\r\n", "SETRANGE k -1 v");
    }

    @Test
    void shouldRefuseStringsWhenTheyGrowTooLong() {
        assertReply(TOO_LONG, "SETRANGE k 536870912 v");
        assertReply(TOO_LONG, "SETRANGE k 9223372036854775807 v");
        assertReply(TOO_LONG, "SET " + "k".repeat(40_000) + " v");
        assertReply(NIL, "GET " + "k".repeat(40_000));
        assertReply(":0\r\n", "DBSIZE");
    }

    @Test
    void shouldFindWhatStringsHaveInCommonWhenCompared() {
        calls.call("MSET a ohmytext b mynewtext");
        assertReply("$6\r\nmytext\r\n", "LCS a b");
        assertReply(":6\r\n", "LCS a b LEN");
        String matches = calls.call("LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN");
        assertEquals(
                "*4\r\n$7\r\nmatches\r\n*1\r\n*3\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n:4\r\n"
                        + "$3\r\nlen\r\n:6\r\n",
                matches);
        assertTrue(calls.call("LCS a b LEN IDX").startsWith("-ERR If you want both"));
    }

    private void assertReply(String expected, String line) {
        assertEquals(expected, calls.call(line), line);
    }
}
