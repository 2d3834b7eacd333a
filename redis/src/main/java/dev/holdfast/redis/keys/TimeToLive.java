package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;

/// `TTL key`, `PTTL`, `EXPIRETIME` and `PEXPIRETIME`: how long the key still exists, or until when;
/// -1 if for ever, -2 if there is none.
record TimeToLive(Bytes key, Form form) implements Command {
    static final Syntax TTL =
            syntax(Form.TTL, "1.0.0", "Get the time to live for a key in seconds");
    static final Syntax PTTL =
            syntax(Form.PTTL, "2.6.0", "Get the time to live for a key in milliseconds");
    static final Syntax EXPIRETIME =
            syntax(Form.EXPIRETIME, "7.0.0", "Get the expiration Unix timestamp for a key");
    static final Syntax PEXPIRETIME =
            syntax(
                    Form.PEXPIRETIME,
                    "7.0.0",
                    "Get the expiration Unix timestamp for a key in milliseconds");

    private static final Reply NO_EXPIRY = Reply.integer(-1);
    private static final Reply NO_KEY = Reply.integer(-2);

    /// Which of the commands it is.
    enum Form {
        TTL,
        PTTL,
        EXPIRETIME,
        PEXPIRETIME
    }

    private static Syntax syntax(Form form, String since, String summary) {
        return Syntax.read(form.name(), 2, words -> new TimeToLive(words.key(0), form))
                .flags(Flag.FAST)
                .keys(KeySpec.one("RO", "access"))
                .docs(Group.GENERIC, since, "O(1)", summary, "key");
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.aside().find(key);
        if (meta == null) return NO_KEY;
        if (!meta.expires()) return NO_EXPIRY;
        long at = meta.expireAtMillis();
        return Reply.integer(
                switch (form) {
                    case TTL -> inSeconds(Math.max(0, at - keyspace.nowMillis()));
                    case PTTL -> Math.max(0, at - keyspace.nowMillis());
                    case EXPIRETIME -> inSeconds(at);
                    case PEXPIRETIME -> at;
                });
    }

    private static long inSeconds(long millis) {
        return (millis + 500) / 1000;
    }
}
