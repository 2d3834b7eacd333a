package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.system.process.NodePackages;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The clients of Node, each with an ordinary workload of its own.
@Timeout(300)
class NodeClientsTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir static Path folder;
    static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(Files.createDirectories(folder.resolve("data")));
    }

    @AfterAll
    static void stop() throws IOException {
        assertEquals(0, server.stop(Duration.ofSeconds(30)));
    }

    @Test
    void shouldServeIoredis() throws IOException {
        check(
                """
                {"hash":{"name":"Ada","visits":"42"},"list":["b","c","d"],"moved":"a",
                 "both":["cherry"],"board":["bob","30","cid","20","ann","10"],"rank":1,
                 "bits":1,"guests":2,"near":["Catania","Palermo"],
                 "multi":["OK",2,"WRONGTYPE","2"],"watched":null,
                 "popped":["io:later","here"],"nothing":null,
                 "heard":["io:news:*","io:news:sport","goal"],
                 "entries":[["1-1",["n","0"]],["1-2",["n","1"]],["1-3",["n","2"]]],
                 "acked":2,"pending":1,"late":[["io:log",[["2-1",["n","late"]]]]],
                 "many":5000,"scanned":5000,"auto":true}
                """,
                "ioredis-workload.mjs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldServeNodeRedis(String protocol) throws IOException {
        check(
                """
                {"set":"OK","again":null,"get":"red","many":["red",null],
                 "hash":{"name":"Ada","visits":"42"},"list":["a","b","c"],"member":true,
                 "board":[{"value":"ann","score":1.5},{"value":"bob","score":3}],"missing":null,
                 "near":["Palermo"],"multi":["OK",2,"2"],"watched":"WatchError",
                 "popped":{"key":"nr:later","element":"here"},"heard":["nr:news","goal"],
                 "matched":["nr:world","hello"],"read":true,"acked":1,"pending":1,
                 "range":["1-1","1-2","1-3","1-4","1-5"],"members":5000,"scanned":9,
                 "info":true,"error":"ERR value is not an integer or out of range"}
                """,
                "node-redis.mjs",
                protocol);
    }

    private static void check(String expected, String script, String... words) throws IOException {
        Path node = NodePackages.folder();
        var command = new ArrayList<>(List.of("node", script, Integer.toString(server.port())));
        command.addAll(List.of(words));
        var ended = Tools.run(node, command);
        assertEquals("", ended.err());
        assertEquals(MAPPER.readTree(expected), MAPPER.readTree(ended.out()));
    }
}
