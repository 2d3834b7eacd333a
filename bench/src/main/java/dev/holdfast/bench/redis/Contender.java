package dev.holdfast.bench.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Who takes part: Holdfast, or Redis with one of its ways to keep what it has answered.
enum Contender {
    HOLDFAST("holdfast"),
    REDIS_NO("no"),
    REDIS_EVERYSEC("everysec"),
    REDIS_ALWAYS("always");

    private final String key;

    Contender(String key) {
        this.key = key;
    }

    /// As it is named in tables: Redis by its `appendfsync`.
    String key() {
        return key;
    }

    /// Builds what is to be started.
    static void build(Path home) throws IOException {
        Server.prepare(List.of(home.resolve("holdfast").toString(), "version"));
    }

    /// Starts one below `parent`. Ours is the program of the working copy in `home`.
    Server start(Path parent, Path home) throws IOException {
        return Server.start(parent, key, port -> this == HOLDFAST ? ours(home, port) : redis(port));
    }

    private static List<String> ours(Path home, int port) {
        return List.of(
                home.resolve("holdfast").toString(),
                "serve",
                "--port",
                Integer.toString(port),
                "--admin-port",
                "0",
                "--durability",
                "local");
    }

    private List<String> redis(int port) {
        return List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                key);
    }
}
