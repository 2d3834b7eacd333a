package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.strings.SetOptions.Word;
import java.util.EnumSet;

/// `GETEX key [options]`: the string at the key, whose expiry is changed.
record GetEx(Bytes key, SetOptions options) implements Command {
    static final Syntax SYNTAX =
            Syntax.write(
                            "GETEX",
                            -2,
                            words ->
                                    new GetEx(
                                            words.key(0),
                                            SetOptions.parse(
                                                    words.options(1), EnumSet.of(Word.PERSIST))))
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "access", "update"))
                    .docs(
                            Group.STRING,
                            "6.2.0",
                            "O(1)",
                            "Get the value of a key and optionally set its expiration",
                            "key [EX seconds | PX milliseconds | EXAT unix-time-seconds"
                                    + " | PXAT unix-time-milliseconds | PERSIST]");

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.reading().find(key, KeyType.STRING);
        if (meta == null) return Reply.NULL;
        Expiry expiry = options.expiry();
        long atMillis = meta.expireAtMillis();
        if (expiry != null) atMillis = expiry.atMillis(keyspace.nowMillis(), "getex");
        else if (options.has(Word.PERSIST)) atMillis = Meta.NO_EXPIRY;
        Reply value = Get.reply(keyspace.string(key));
        if (atMillis != meta.expireAtMillis()) keyspace.expire(key, meta, atMillis);
        return value;
    }
}
