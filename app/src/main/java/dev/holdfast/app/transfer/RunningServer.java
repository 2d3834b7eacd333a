package dev.holdfast.app.transfer;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.migrate.ServerSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Redis server that runs, asked for its keys: a page of SCAN, then all of these by DUMP in one
/// go. It is only read. Not thread-safe.
public final class RunningServer implements ServerSource, AutoCloseable {
    private static final String PAGE = "200";
    private static final Pattern RUN_ID = Pattern.compile("(?m)^run_id:(\\S+)");
    private static final Pattern SIZE = Pattern.compile("(?m)^db(\\d{1,9}):keys=(\\d+)");
    private static final long NO_EXPIRY = -1;

    private final ServerConnection connection;
    private final Env env;
    private int selected;

    private RunningServer(ServerConnection connection, Env env) {
        this.connection = connection;
        this.env = env;
    }

    /// Connects, and gives the password if there is one.
    public static RunningServer connect(ServerAddress address, Env env) {
        try {
            var server = new RunningServer(ServerConnection.open(address), env);
            String user = address.user();
            String password = address.password();
            if (password != null && user == null) server.ask("AUTH", password);
            else if (password != null) server.ask("AUTH", String.valueOf(user), password);
            return server;
        } catch (IOException failure) {
            throw new Failure(
                    ExitStatus.UNAVAILABLE,
                    "cannot reach the server at " + address + ": " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public String runId() {
        Matcher runId = RUN_ID.matcher(text(ask("INFO", "server")));
        if (!runId.find()) throw strange("INFO without a run id");
        return runId.group(1);
    }

    @Override
    public SortedMap<Integer, Long> sizes() {
        SortedMap<Integer, Long> sizes = new TreeMap<>();
        Matcher size = SIZE.matcher(text(ask("INFO", "keyspace")));
        while (size.find())
            sizes.put(Integer.parseInt(size.group(1)), Long.parseLong(size.group(2)));
        return sizes;
    }

    // Redis before 7.0 knows no functions.
    @Override
    public List<Bytes> libraries() {
        ServerReply found = answer("FUNCTION", "LIST", "WITHCODE");
        boolean isUnknown =
                found instanceof ServerReply.Refused(String text)
                        && text.contains("unknown command");
        if (isUnknown) return List.of();
        if (!(checked(found) instanceof ServerReply.Items(List<ServerReply> libraries)))
            throw strange("FUNCTION LIST answered something else");
        return libraries.stream().map(RunningServer::source).toList();
    }

    private static Bytes source(ServerReply library) {
        if (library instanceof ServerReply.Items(List<ServerReply> fields))
            for (int i = 0; i + 1 < fields.size(); i += 2)
                if (text(fields.get(i)).equals("library_code")) return bytes(fields.get(i + 1));
        throw strange("FUNCTION LIST answered no source");
    }

    @Override
    public Page page(int database, long cursor) {
        if (selected != database) ask("SELECT", Integer.toString(database));
        selected = database;
        ServerReply found = ask("SCAN", Long.toUnsignedString(cursor), "COUNT", PAGE);
        if (!(found instanceof ServerReply.Items(List<ServerReply> parts)) || parts.size() != 2)
            throw strange("SCAN answered something else");
        try {
            long next = Long.parseUnsignedLong(text(parts.getFirst()));
            return new Page(next, dumped(parts.getLast()));
        } catch (NumberFormatException none) {
            throw strange("SCAN answered no cursor");
        }
    }

    private List<Item> dumped(ServerReply found) {
        if (!(found instanceof ServerReply.Items(List<ServerReply> keys)))
            throw strange("SCAN answered no keys");
        try {
            for (ServerReply key : keys) {
                connection.send(Bytes.utf8("PTTL"), bytes(key));
                connection.send(Bytes.utf8("DUMP"), bytes(key));
            }
            connection.flush();
            List<Item> items = new ArrayList<>();
            for (ServerReply key : keys) {
                ServerReply left = checked(connection.read());
                ServerReply payload = checked(connection.read());
                if (payload instanceof ServerReply.Bulk(Bytes bytes))
                    items.add(new Item(bytes(key), bytes, expiry(left)));
            }
            return items;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private long expiry(ServerReply left) {
        if (!(left instanceof ServerReply.Whole(long millis)))
            throw strange("PTTL answered no number");
        return millis < 0 ? NO_EXPIRY : env.currentTimeMillis() + millis;
    }

    private ServerReply ask(String... words) {
        return checked(answer(words));
    }

    private ServerReply answer(String... words) {
        Bytes[] request = new Bytes[words.length];
        for (int i = 0; i < words.length; i++) request[i] = Bytes.utf8(words[i]);
        try {
            connection.send(request);
            connection.flush();
            return connection.read();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ServerReply checked(ServerReply reply) {
        if (reply instanceof ServerReply.Refused(String text))
            throw new Failure(ExitStatus.STRANGER, "the server refuses: " + text);
        return reply;
    }

    private static Bytes bytes(ServerReply reply) {
        if (reply instanceof ServerReply.Bulk(Bytes bytes)) return bytes;
        throw strange("a key is no string");
    }

    private static String text(ServerReply reply) {
        return bytes(reply).toUtf8();
    }

    private static Failure strange(String what) {
        return new Failure(ExitStatus.STRANGER, "the server is no Redis: " + what);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
