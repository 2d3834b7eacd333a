package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.redis.keyspace.Home;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Replies to what operators and libraries ask, told to a real Redis and to this server: each is
/// the same, in both versions of the protocol.
class OperatorRepliesTest {
    private static final String CALLS =
            """
            CONFIG SET slowlog-log-slower-than -1
            SLOWLOG RESET
            SLOWLOG GET x
            SLOWLOG GET -2
            SLOWLOG GET -1 1
            SLOWLOG RESET
            SLOWLOG LEN
            SLOWLOG GET
            SLOWLOG HELP
            SLOWLOG NOSUCH
            SLOWLOG
            LATENCY HISTORY nosuch
            LATENCY GRAPH nosuch
            LATENCY LATEST
            LATENCY RESET
            LATENCY RESET a b
            LATENCY HISTOGRAM nosuch
            LATENCY HELP
            LATENCY NOSUCH
            MEMORY PURGE
            MEMORY HELP
            MEMORY NOSUCH
            MONITOR x
            CLIENT TRACKING ON BCAST PREFIX a PREFIX ab
            CLIENT TRACKING ON PREFIX a
            CLIENT TRACKING ON BCAST OPTIN
            CLIENT TRACKING ON OPTIN OPTOUT
            CLIENT TRACKING ON REDIRECT 999999
            CLIENT TRACKING ON REDIRECT x
            CLIENT TRACKING ON REDIRECT
            CLIENT TRACKING ON PREFIX
            CLIENT TRACKING ON FOO
            CLIENT TRACKING FOO
            CLIENT TRACKINGINFO
            CLIENT GETREDIR
            CLIENT CACHING YES
            CLIENT TRACKING ON BCAST PREFIX a
            CLIENT TRACKING ON BCAST PREFIX ab
            CLIENT TRACKING ON BCAST PREFIX b
            CLIENT TRACKINGINFO
            CLIENT TRACKING ON
            CLIENT TRACKING OFF
            CLIENT TRACKING ON OPTIN NOLOOP
            CLIENT CACHING NO
            CLIENT CACHING YES
            CLIENT TRACKINGINFO
            CLIENT TRACKINGINFO
            CLIENT CACHING FOO
            CLIENT TRACKING ON OPTOUT
            CLIENT GETREDIR
            CLIENT TRACKING OFF OPTIN
            CLIENT TRACKING ON
            CLIENT CACHING YES
            CLIENT TRACKING OFF
            CLIENT PAUSE x
            CLIENT PAUSE -1
            CLIENT PAUSE 1 FOO
            CLIENT PAUSE 0
            CLIENT UNPAUSE
            CLIENT NO-EVICT x
            CLIENT NO-EVICT ON
            CLIENT KILL ID 0
            CLIENT KILL ID x
            CLIENT KILL FOO x
            CLIENT KILL TYPE x
            CLIENT KILL 1.2.3.4:5
            CLIENT KILL ID 999999
            CLIENT KILL ID 1 SKIPME
            CLIENT KILL ID 1 SKIPME x
            CLIENT KILL TYPE pubsub
            CLIENT LIST TYPE x
            CLIENT LIST TYPE replica
            CLIENT LIST ID
            CLIENT LIST ID x
            CLIENT LIST FOO
            CLIENT REPLY X
            CLIENT UNBLOCK x
            CLIENT UNBLOCK 1 X
            CLIENT UNBLOCK 999999
            CLIENT SETNAME a\tb
            CLIENT NOSUCH
            COMMAND GETKEYSANDFLAGS LMOVE a b left right
            COMMAND GETKEYSANDFLAGS ZUNIONSTORE t 2 a b
            COMMAND GETKEYSANDFLAGS NOSUCH a
            COMMAND GETKEYSANDFLAGS PING a
            COMMAND GETKEYSANDFLAGS GET
            COMMAND GETKEYS OBJECT ENCODING k
            COMMAND GETKEYS XINFO STREAM k
            COMMAND GETKEYS MEMORY USAGE k
            COMMAND GETKEYS CONFIG GET x
            COMMAND GETKEYS SET
            COMMAND LIST FILTERBY X y
            COMMAND LIST FILTERBY ACLCAT nosuch
            COMMAND LIST FILTERBY MODULE x
            COMMAND DOCS nosuch
            COMMAND INFO nosuch
            WAIT 0 10
            WAIT x 1
            WAIT 1 x
            WAIT 1 -1
            WAIT 1 5
            WAIT -1 5
            FAILOVER
            FAILOVER ABORT
            REPLICAOF NO ONE
            REPLICAOF x y
            SLAVEOF NO ONE
            READONLY
            READWRITE
            ASKING
            CLUSTER
            CLUSTER INFO
            MODULE LIST
            BGSAVE X
            SWAPDB 0 99
            SWAPDB x 1
            OBJECT FREQ nosuch
            OBJECT IDLETIME nosuch
            LOLWUT VERSION x
            CONFIG SET nosuch 1
            CONFIG SET maxmemory-samples x
            CONFIG SET maxmemory-samples 0
            CONFIG SET dir /
            CONFIG SET dbfilename x
            CONFIG SET databases 3
            CONFIG SET slowlog-max-len x
            CONFIG SET slowlog-max-len -1
            CONFIG SET slowlog-log-slower-than -2
            CONFIG SET appendonly maybe
            CONFIG SET latency-monitor-threshold -1
            CONFIG SET tracking-table-max-keys -1
            CONFIG SET latency-tracking-info-percentiles 101
            CONFIG SET tcp-keepalive -1
            CONFIG SET enable-debug-command yes
            CONFIG SET hz 10 hz 11
            CONFIG SET hz
            CONFIG SET requirepass
            CONFIG GET
            CONFIG GET nosuch
            CONFIG GET maxmemory* slowlog-*
            CONFIG SET appendonly no
            CONFIG RESETSTAT
            CONFIG NOSUCH
            DEBUG
            MEMORY
            """;

    /// The answers differ in words, and for a reason: what is refused here is not refused there.
    private static final List<String> OWN_WORDS = List.of("CONFIG SET appendonly maybe");

    @TempDir Path directory;

    @Test
    void shouldAnswerOperatorsAsRedisDoes() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            for (String protocol : List.of("2", "3")) {
                redis.call("HELLO", protocol);
                holdfast.call("HELLO", protocol);
                for (String line : CALLS.lines().toList()) {
                    List<String> call = List.of(line.split(" "));
                    RespValue expected = redis.call(call);
                    RespValue actual = holdfast.call(call);
                    boolean isFine =
                            ordered(expected).equals(ordered(actual))
                                    || OWN_WORDS.contains(line)
                                            && expected.isError() == actual.isError();
                    if (!isFine) wrong.add(line + "\n  " + expected + "\n  " + actual);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    // What has no order in RESP3 has none in RESP2.
    private static RespValue ordered(RespValue value) {
        if (value.parts().isEmpty()) return value;
        List<RespValue> parts =
                value.parts().stream().map(OperatorRepliesTest::ordered).sorted().toList();
        return value.withParts(parts);
    }
}
