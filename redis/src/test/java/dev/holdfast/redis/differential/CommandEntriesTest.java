package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.redis.keyspace.Home;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compares what COMMAND INFO tells of each command with what a real Redis tells.
class CommandEntriesTest {
    // Name, arity, flags, first key, last key, step, categories; then tips, which are not kept, and
    // key specifications.
    private static final List<Integer> COMPARED = List.of(0, 1, 2, 3, 4, 5, 6, 8);

    /// They say besides that they are refused in a transaction.
    private static final String REFUSED_IN_TRANSACTION = "no_multi";

    /// Its subcommands are there to be refused.
    private static final String REFUSED = "cluster|";

    @TempDir Path directory;

    @Test
    void shouldTellOfEachCommandWhatRedisTells() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            for (RespValue name : holdfast.call("COMMAND", "LIST").parts()) {
                String command = name.text();
                RespValue expected = entry(redis, command);
                if (expected.parts().isEmpty() || command.startsWith(REFUSED)) continue;
                RespValue actual = entry(holdfast, command);
                for (int field : COMPARED) {
                    RespValue one = ordered(expected.parts().get(field));
                    RespValue other = ordered(actual.parts().get(field));
                    if (!one.equals(other))
                        wrong.add(command + " " + field + ": " + one + " but " + other);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static RespValue entry(RespClient client, String command) throws Exception {
        return client.call("COMMAND", "INFO", command).parts().getFirst();
    }

    // Flags come in any order; notes on keys are not kept.
    private static RespValue ordered(RespValue value) {
        if (value.parts().isEmpty()) return value;
        List<RespValue> parts = new ArrayList<>();
        for (int i = 0; i < value.parts().size(); i++) {
            boolean isNotes = value.parts().get(i).text().equals("notes");
            if (value.parts().get(i).text().equals(REFUSED_IN_TRANSACTION)) continue;
            if (isNotes) i++;
            else parts.add(ordered(value.parts().get(i)));
        }
        return new RespValue(value.kind(), "", parts.stream().sorted().toList());
    }
}
