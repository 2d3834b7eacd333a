package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.strings.SetOptions.Word;
import java.util.EnumSet;
import java.util.List;

/// `SET key value [options]` and its older forms `SETNX`, `SETEX` and `PSETEX`: sets the string at
/// the key, whatever was there.
///
/// @param outcome what to answer when it was done, and when a condition did not hold
record Set(Bytes key, Bytes value, SetOptions options, Outcome outcome) implements Command {
    static final Syntax SET =
            Syntax.write("SET", -3, Set::parse)
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.one("RW", "access", "update", "variable_flags").readBy(Set::keys))
                    .docs(
                            Group.STRING,
                            "1.0.0",
                            "O(1)",
                            "Set the string value of a key",
                            "key value [NX | XX] [GET] [EX seconds | PX milliseconds"
                                    + " | EXAT unix-time-seconds | PXAT unix-time-milliseconds"
                                    + " | KEEPTTL]");

    static final Syntax SETNX =
            Syntax.write("SETNX", 3, Set::parseSetNx)
                    .flags(Flag.DENYOOM, Flag.FAST)
                    .keys(KeySpec.one("OW", "insert"))
                    .docs(
                            Group.STRING,
                            "1.0.0",
                            "O(1)",
                            "Set the value of a key, only if the key does not exist",
                            "key value");

    static final Syntax SETEX =
            Syntax.write("SETEX", 4, words -> parseExpiring(words, Expiry.Unit.EX, "setex"))
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.one("OW", "update"))
                    .docs(
                            Group.STRING,
                            "2.0.0",
                            "O(1)",
                            "Set the value and expiration of a key",
                            "key seconds value");

    static final Syntax PSETEX =
            Syntax.write("PSETEX", 4, words -> parseExpiring(words, Expiry.Unit.PX, "psetex"))
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.one("OW", "update"))
                    .docs(
                            Group.STRING,
                            "2.6.0",
                            "O(1)",
                            "Set the value and expiration in milliseconds of a key",
                            "key milliseconds value");

    // The value is read only where it is asked for.
    private static List<KeySpec.Use> keys(List<Bytes> call) {
        boolean reads = call.stream().skip(3).anyMatch(word -> Numbers.isKeyword(word, "GET"));
        return List.of(
                reads
                        ? new KeySpec.Use(1, "RW", "access", "update")
                        : new KeySpec.Use(1, "OW", "update"));
    }

    private static final EnumSet<Word> WORDS = EnumSet.of(Word.NX, Word.XX, Word.GET, Word.KEEPTTL);

    /// What one of the forms answers.
    record Outcome(String command, Reply done, Reply refused) {}

    private static Set parse(Words words) {
        SetOptions options = SetOptions.parse(words.options(2), WORDS);
        Outcome outcome = new Outcome("set", Reply.OK, Reply.NULL);
        return new Set(words.key(0), words.bytes(1), options, outcome);
    }

    private static Set parseSetNx(Words words) {
        SetOptions options = new SetOptions(EnumSet.of(Word.NX), null);
        Outcome outcome = new Outcome("setnx", Reply.ONE, Reply.ZERO);
        return new Set(words.key(0), words.bytes(1), options, outcome);
    }

    private static Set parseExpiring(Words words, Expiry.Unit unit, String command) {
        var expiry = new Expiry(unit, words.bytes(1));
        SetOptions options = new SetOptions(EnumSet.noneOf(Word.class), expiry);
        Outcome outcome = new Outcome(command, Reply.OK, Reply.NULL);
        return new Set(words.key(0), words.bytes(2), options, outcome);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Expiry expiry = options.expiry();
        long atMillis =
                expiry == null
                        ? Meta.NO_EXPIRY
                        : expiry.atMillis(keyspace.nowMillis(), outcome.command);
        Reply old = options.has(Word.GET) ? Get.reply(keyspace.reading().string(key)) : null;
        Meta present = keyspace.find(key);
        boolean isRefused =
                options.has(Word.NX) && present != null || options.has(Word.XX) && present == null;
        if (isRefused) return old != null ? old : outcome.refused;
        if (options.has(Word.KEEPTTL) && present != null) atMillis = present.expireAtMillis();
        keyspace.overwriteAt(key).set(value, StringForm.PLAIN, atMillis);
        keyspace.event(EventKind.STRING, "set", key);
        if (expiry != null) keyspace.event(EventKind.GENERIC, "expire", key);
        return old != null ? old : outcome.done;
    }
}
