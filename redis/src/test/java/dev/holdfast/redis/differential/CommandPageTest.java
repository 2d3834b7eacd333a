package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.redis.keyspace.Home;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of all commands says what the server says of itself, and leaves no command of Redis 7.0
/// out. `-Dcommand.page.write=true` writes it anew.
class CommandPageTest {
    private static final Path PAGE = Path.of("../docs/design/redis-commands.md");

    @TempDir Path directory;

    @Test
    void shouldSayWhatTheServerSays() throws Exception {
        List<String> redis = lines("commands.txt");
        CommandPage page;
        try (Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient client = new RespClient(server.port())) {
            page = CommandPage.of(client, reasons());
        }
        if (Boolean.getBoolean("command.page.write")) Files.writeString(PAGE, page.text(redis));

        assertEquals("", String.join("\n", page.brokenBy(redis)));
        assertEquals(settled(page.text(redis)), settled(Files.readString(PAGE)));
    }

    // Families that come one by one may be there before the page is written anew.
    private static String settled(String page) throws IOException {
        Set<String> arriving = new TreeSet<>();
        reasons()
                .forEach((name, why) -> {
                    if (why.endsWith("not there yet")) arriving.add(name.toUpperCase(Locale.ROOT));
                });
        return page.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| command "))
                .filter(line -> !arriving.contains(line.split(" ")[1]))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void shouldKnowEveryParameterOfRedis() throws Exception {
        List<String> missing = new ArrayList<>(lines("parameters.txt"));
        try (Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient client = new RespClient(server.port())) {
            for (RespValue each : client.call("CONFIG", "GET", "*").parts())
                missing.remove(each.text());
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void shouldListWhatRedisLists() throws Exception {
        List<String> commands = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                RespClient client = new RespClient(process.port())) {
            for (RespValue name : client.call("COMMAND", "LIST").parts()) commands.add(name.text());
            List<RespValue> pairs = client.call("CONFIG", "GET", "*").parts();
            for (int i = 0; i < pairs.size(); i += 2) parameters.add(pairs.get(i).text());
        }

        assertEquals(lines("commands.txt"), commands.stream().sorted().toList());
        assertEquals(lines("parameters.txt"), parameters.stream().sorted().toList());
    }

    private static Map<String, String> reasons() throws IOException {
        Map<String, String> reasons = new TreeMap<>();
        for (String line : lines("refused.txt")) {
            String[] parts = line.split(": ", 2);
            reasons.put(parts[0], parts[1]);
        }
        return reasons;
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in = CommandPageTest.class.getResourceAsStream("/redis-7.0/" + file)) {
            if (in == null) throw new IOException("no such file: " + file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList();
        }
    }
}
