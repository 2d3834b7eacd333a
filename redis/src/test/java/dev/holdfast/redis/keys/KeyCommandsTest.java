package dev.holdfast.redis.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.CommandLine;
import dev.holdfast.redis.keyspace.TestEnv;
import org.junit.jupiter.api.Test;

class KeyCommandsTest {
    private static final String SYNTAX = "-ERR syntax error\r\n";
    private static final String OK = "+OK\r\n";
    private static final String ZERO = ":0\r\n";
    private static final String ONE = ":1\r\n";
    private static final String NIL = "$-1\r\n";

    private final TestEnv env = new TestEnv(1);
    private final CommandLine calls = new CommandLine(new FakeDb(), env);

    @Test
    void shouldCountEachTimeWhenAKeyIsNamedTwice() {
        calls.call("MSET a 1 b 2");
        assertReply(":3\r\n", "EXISTS a a b missing");
        assertReply(":2\r\n", "TOUCH a b");
        assertReply(":2\r\n", "DEL a b a");
        assertReply(ZERO, "UNLINK a");
        assertReply(ZERO, "DBSIZE");
    }

    @Test
    void shouldExpireOnlyWhenTheConditionHolds() {
        calls.call("SET k v");
        assertReply(ZERO, "EXPIRE k 100 XX");
        assertReply(ZERO, "EXPIRE k 100 GT");
        assertReply(ONE, "EXPIRE k 100 LT");
        assertReply(ZERO, "EXPIRE k 200 NX");
        assertReply(ZERO, "EXPIRE k 100 GT");
        assertReply(ONE, "EXPIRE k 200 XX GT");
        assertReply(":200\r\n", "TTL k");
        assertReply(ZERO, "EXPIRE missing 100");
    }

    @Test
    void shouldRefuseWhenConditionsContradict() {
        assertReply(
                "-ERR NX and XX, GT or LT options at the same time are not compatible\r\n",
                "EXPIRE k 1 NX XX");
        assertReply(
                "-ERR GT and LT options at the same time are not compatible\r\n",
                "EXPIRE k 1 GT LT");
        assertReply("-ERR Unsupported option foo\r\n", "EXPIRE k 1 foo");
        assertReply(
                "-ERR invalid expire time in 'expire' command\r\n", "EXPIRE k 9223372036854775807");
    }

    @Test
    void shouldRemoveTheKeyWhenItExpiresInThePast() {
        for (String line : new String[] {"EXPIRE k -1", "EXPIREAT k 1", "PEXPIREAT k -5"}) {
            calls.call("SET k v");
            assertReply(ONE, line);
            assertReply(ZERO, "DBSIZE");
        }
    }

    @Test
    void shouldTellTheTimeLeftWhenAsked() {
        calls.call("SET k v PXAT " + (env.currentTimeMillis() + 1_600));
        assertReply(":2\r\n", "TTL k");
        assertReply(":1600\r\n", "PTTL k");
        assertReply(":1700000002\r\n", "EXPIRETIME k");
        assertReply(":1700000001600\r\n", "PEXPIRETIME k");
        assertReply(ONE, "PERSIST k");
        assertReply(ZERO, "PERSIST k");
        assertReply(":-1\r\n", "PEXPIRETIME k");
        assertReply(":-2\r\n", "TTL missing");
    }

    @Test
    void shouldTakeExpiryAndValueAlongWhenAKeyIsRenamed() {
        calls.call("SET k v EX 100");
        calls.call("SET other w");
        assertReply(ZERO, "RENAMENX k other");
        assertReply(OK, "RENAME k other");
        assertReply("$1\r\nv\r\n", "GET other");
        assertReply(":100\r\n", "TTL other");
        assertReply(ZERO, "EXISTS k");
        assertReply("-ERR no such key\r\n", "RENAME k other");
        assertReply(OK, "RENAME other other");
        assertReply(ZERO, "RENAMENX other other");
        assertReply(ONE, "DBSIZE");
    }

    @Test
    void shouldMoveDataRowsWhenALargeValueIsRenamedAndCopied() {
        String large = "x".repeat(50_000);
        calls.call("SET k " + large);
        assertReply(OK, "RENAME k renamed");
        assertReply(ONE, "COPY renamed copy DB 3");
        assertReply("$50000\r\n" + large + "\r\n", "GET renamed");
        calls.call("SETRANGE renamed 0 y");
        calls.select(3);
        assertReply("$50000\r\n" + large + "\r\n", "GET copy");
    }

    @Test
    void shouldSpareTheDestinationWhenCopyMayNotReplace() {
        calls.call("MSET a 1 b 2");
        assertReply(ZERO, "COPY a b");
        assertReply(ONE, "COPY a b REPLACE");
        assertReply("$1\r\n1\r\n", "GET b");
        assertReply(ZERO, "COPY missing c");
        assertReply("-ERR source and destination objects are the same\r\n", "COPY a a");
        assertReply("-ERR DB index is out of range\r\n", "COPY a b DB 16");
    }

    @Test
    void shouldMoveAKeyWhenTheOtherDatabaseHasNone() {
        calls.call("SET k v EX 100");
        assertReply(ONE, "MOVE k 1");
        assertReply(ZERO, "MOVE k 1");
        calls.call("SET k w");
        assertReply(ZERO, "MOVE k 1");
        assertReply("-ERR source and destination objects are the same\r\n", "MOVE k 0");
        calls.select(1);
        assertReply(":100\r\n", "TTL k");
    }

    @Test
    void shouldEmptyOneDatabaseOrAllWhenFlushed() {
        calls.call("SET k v");
        calls.select(1);
        calls.call("SET k v");
        assertReply(OK, "FLUSHDB ASYNC");
        assertReply(ZERO, "DBSIZE");
        calls.select(0);
        assertReply(ONE, "DBSIZE");
        assertReply(SYNTAX, "FLUSHALL SOON");
        assertReply(OK, "FLUSHALL");
        assertReply(ZERO, "DBSIZE");
        assertReply(NIL, "RANDOMKEY");
    }

    @Test
    void shouldNameTheTypeWhenAsked() {
        calls.call("SET s v");
        calls.call("LPUSH l v");
        assertReply("+string\r\n", "TYPE s");
        assertReply("+list\r\n", "TYPE l");
        assertReply("+none\r\n", "TYPE missing");
    }

    @Test
    void shouldFindKeysWhenTheyAreOfThePattern() {
        calls.call("MSET one 1 two 2");
        assertReply("*1\r\n$3\r\none\r\n", "KEYS o*");
        assertReply("*0\r\n", "KEYS x*");
        assertTrue(calls.call("KEYS *").startsWith("*2\r\n"));
    }

    @Test
    void shouldRefuseToScanWhenWordsAreWrong() {
        assertReply("-ERR invalid cursor\r\n", "SCAN x");
        assertReply(SYNTAX, "SCAN 0 COUNT 0");
        assertReply(SYNTAX, "SCAN 0 MATCH");
        assertReply("-ERR value is not an integer or out of range\r\n", "SCAN 0 COUNT x");
    }

    @Test
    void shouldTellHowAStringIsKeptWhenAskedAsRedisWould() {
        calls.call("SET n 12");
        calls.call("SET short text");
        calls.call("SET long " + "x".repeat(45));
        calls.call("INCRBYFLOAT f 12");
        calls.call("APPEND n 3");
        assertReply("$3\r\nraw\r\n", "OBJECT ENCODING n");
        calls.call("INCR n");
        assertReply("$3\r\nint\r\n", "OBJECT ENCODING n");
        assertReply("$6\r\nembstr\r\n", "OBJECT ENCODING short");
        assertReply("$3\r\nraw\r\n", "OBJECT ENCODING long");
        assertReply("$6\r\nembstr\r\n", "OBJECT ENCODING f");
        assertReply(NIL, "OBJECT ENCODING missing");
        assertReply(ZERO, "OBJECT IDLETIME short");
        assertReply(ONE, "OBJECT REFCOUNT short");
        assertReply(":2147483647\r\n", "OBJECT REFCOUNT n");
    }

    @Test
    void shouldExchangeDatabasesWhenSwapped() {
        calls.call("SET k v");
        assertReply(OK, "SWAPDB 0 9");
        assertReply(ZERO, "EXISTS k");
        calls.select(9);
        assertReply(ONE, "EXISTS k");
        assertReply("-ERR invalid first DB index\r\n", "SWAPDB x 1");
        assertReply("-ERR invalid second DB index\r\n", "SWAPDB 1 x");
        assertReply("-ERR DB index is out of range\r\n", "SWAPDB 1 16");
    }

    private void assertReply(String expected, String line) {
        assertEquals(expected, calls.call(line), line);
    }
}
