package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.redis.bitmaps.BitmapCommands;
import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Invocation;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.fake.NoPeer;
import dev.holdfast.redis.geo.GeoCommands;
import dev.holdfast.redis.hashes.HashCommands;
import dev.holdfast.redis.hyperloglogs.HyperLogLogCommands;
import dev.holdfast.redis.keys.KeyCommands;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.sets.SetCommands;
import dev.holdfast.redis.sorting.SortCommands;
import dev.holdfast.redis.strings.StringCommands;
import dev.holdfast.redis.zsets.ZsetCommands;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Calls of commands on a keyspace without a server: words in, the bytes of the reply out.
public final class CommandLine {
    private static final CommandTable TABLE = table();
    private static final Session SESSION = new Session(1, new NoPeer(), 0);

    /// Puts a list of one element at a key, whatever was there.
    private record ListOfOne(Bytes key, Bytes element) implements Command {
        @Override
        public Reply run(Keyspace keyspace) {
            Collection list = keyspace.overwriteAt(key, KeyType.LIST);
            list.put(MemberRow.element(0), element);
            list.save(1, Bytes.EMPTY);
            return Reply.ONE;
        }
    }

    private final Keyspaces keyspaces;
    private int database;

    public CommandLine(Db db, TestEnv env) {
        this(Keyspaces.open(db, env));
    }

    public CommandLine(Keyspaces keyspaces) {
        this.keyspaces = keyspaces;
    }

    private static CommandTable table() {
        List<Syntax> all = new ArrayList<>(StringCommands.ALL);
        all.addAll(KeyCommands.ALL);
        all.addAll(BitmapCommands.ALL);
        all.addAll(HyperLogLogCommands.ALL);
        all.addAll(GeoCommands.ALL);
        all.addAll(HashCommands.ALL);
        all.addAll(SortCommands.ALL);
        all.addAll(SetCommands.ALL);
        all.addAll(ZsetCommands.ALL);
        all.add(Syntax.write("LPUSH", 3, words -> new ListOfOne(words.key(0), words.bytes(1))));
        return new CommandTable(all);
    }

    public Keyspaces keyspaces() {
        return keyspaces;
    }

    public void select(int database) {
        this.database = database;
    }

    /// The reply to words that are parted by blanks, as RESP2 writes it.
    public String call(String line) {
        return text(callWords(Arrays.stream(line.split(" ")).map(CommandLine::word).toList()));
    }

    public String call(Bytes... words) {
        return text(callWords(List.of(words)));
    }

    /// The word that `text` spells, each character a byte; `""` is the empty one.
    static Bytes word(String text) {
        return Bytes.wrap((text.equals("\"\"") ? "" : text).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(Bytes reply) {
        return new String(reply.toArray(), StandardCharsets.ISO_8859_1);
    }

    public Bytes callWords(List<Bytes> words) {
        ReplyWriter out = new ReplyWriter(Protocol.RESP2);
        reply(words).writeTo(out);
        var bytes = new ByteArrayOutputStream();
        for (Bytes part : out.take()) bytes.writeBytes(part.toArray());
        return Bytes.wrap(bytes.toByteArray());
    }

    private Reply reply(List<Bytes> words) {
        if (words.size() == 2 && words.get(0).equals(Bytes.utf8("SELECT"))) {
            database = Integer.parseInt(words.get(1).toUtf8());
            return Reply.OK;
        }
        Syntax syntax = TABLE.find(words.get(0));
        if (syntax == null) return Reply.error("no such command: " + words.get(0));
        if (!syntax.accepts(words.size()))
            return Reply.error(RespError.arity(syntax.shownName()).text());
        try {
            Invocation invocation = syntax.parser().parse(Words.of(words));
            return switch (invocation) {
                case Command command ->
                        keyspaces
                                .execute(database, command::run, error -> Reply.error(error.text()))
                                .result();
                case SessionCommand command -> command.run(SESSION);
                case BoundCommand command -> throw new AssertionError("needs a server: " + words);
            };
        } catch (RespError error) {
            return Reply.error(error.text());
        } catch (InterruptedException cut) {
            throw new AssertionError(cut);
        }
    }
}
