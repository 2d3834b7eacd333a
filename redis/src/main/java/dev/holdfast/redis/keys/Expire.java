package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import java.util.EnumSet;
import java.util.Locale;

/// `EXPIRE key seconds [NX | XX | GT | LT]`, `PEXPIRE`, `EXPIREAT` and `PEXPIREAT`: sets when the
/// key ceases to exist.
record Expire(Bytes key, long amount, EnumSet<Condition> conditions, Form form) implements Command {
    static final Syntax EXPIRE = syntax(Form.EXPIRE, "1.0.0", "seconds");
    static final Syntax PEXPIRE = syntax(Form.PEXPIRE, "2.6.0", "milliseconds");
    static final Syntax EXPIREAT = syntax(Form.EXPIREAT, "1.2.0", "unix-time-seconds");
    static final Syntax PEXPIREAT = syntax(Form.PEXPIREAT, "2.6.0", "unix-time-milliseconds");

    /// Which of the commands it is: what the amount counts, and from when.
    enum Form {
        EXPIRE(1000, true, "Set a key's time to live in seconds"),
        PEXPIRE(1, true, "Set a key's time to live in milliseconds"),
        EXPIREAT(1000, false, "Set the expiration for a key as a UNIX timestamp"),
        PEXPIREAT(
                1,
                false,
                "Set the expiration for a key as a UNIX timestamp specified in milliseconds");

        private final long millis;
        private final boolean isRelative;
        private final String summary;

        Form(long millis, boolean isRelative, String summary) {
            this.millis = millis;
            this.isRelative = isRelative;
            this.summary = summary;
        }
    }

    /// What must hold of the expiry that the key has.
    enum Condition {
        NX,
        XX,
        GT,
        LT;

        boolean holds(Meta meta, long atMillis) {
            return switch (this) {
                case NX -> !meta.expires();
                case XX -> meta.expires();
                case GT -> meta.expires() && meta.expireAtMillis() < atMillis;
                case LT -> !meta.expires() || atMillis < meta.expireAtMillis();
            };
        }
    }

    private static Syntax syntax(Form form, String since, String amount) {
        return Syntax.write(form.name(), -3, words -> parse(words, form))
                .flags(Flag.FAST)
                .keys(KeySpec.one("RW", "update"))
                .docs(
                        Group.GENERIC,
                        since,
                        "O(1)",
                        form.summary,
                        "key " + amount + " [NX | XX | GT | LT]");
    }

    private static Expire parse(Words words, Form form) {
        EnumSet<Condition> conditions = EnumSet.noneOf(Condition.class);
        for (Options options = words.options(2); options.more(); ) {
            Bytes option = options.bytes();
            switch (option.toUtf8().toUpperCase(Locale.ROOT)) {
                case "NX" -> conditions.add(Condition.NX);
                case "XX" -> conditions.add(Condition.XX);
                case "GT" -> conditions.add(Condition.GT);
                case "LT" -> conditions.add(Condition.LT);
                default -> throw new RespError("ERR Unsupported option " + option.toUtf8());
            }
        }
        if (conditions.contains(Condition.NX) && 1 < conditions.size())
            throw new RespError(
                    "ERR NX and XX, GT or LT options at the same time are not compatible");
        if (conditions.contains(Condition.GT) && conditions.contains(Condition.LT))
            throw new RespError("ERR GT and LT options at the same time are not compatible");
        return new Expire(words.key(0), words.integer(1), conditions, form);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        long atMillis = atMillis(keyspace.nowMillis());
        Meta meta = keyspace.find(key);
        if (meta == null) return Reply.ZERO;
        for (Condition condition : conditions)
            if (!condition.holds(meta, atMillis)) return Reply.ZERO;
        keyspace.expire(key, meta, Math.max(0, atMillis));
        return Reply.ONE;
    }

    private long atMillis(long nowMillis) {
        long limit = Long.MAX_VALUE / form.millis;
        if (amount < Long.MIN_VALUE / form.millis || limit < amount) throw invalid();
        long millis = amount * form.millis;
        if (!form.isRelative) return millis;
        if (Long.MAX_VALUE - nowMillis < millis) throw invalid();
        return nowMillis + millis;
    }

    private RespError invalid() {
        return RespError.invalidExpire(form.name().toLowerCase(Locale.ROOT));
    }
}
