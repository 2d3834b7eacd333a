package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.CopyingCommand;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspace.Passage;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;

/// `MOVE key db`: takes the key to another database, unless it exists there.
record Move(Bytes key, int database) implements CopyingCommand {
    static final Syntax SYNTAX =
            Syntax.write("MOVE", 3, Move::parse)
                    .flags(Flag.FAST)
                    .keys(KeySpec.one("RW", "access", "update"))
                    .docs(
                            Group.GENERIC,
                            "1.0.0",
                            "O(1)",
                            "Move a key to another database",
                            "key db");

    private static Move parse(Words words) {
        return new Move(words.key(0), Databases.index(words.bytes(1)));
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Keyspace target = keyspace.in(database);
        if (target.database() == keyspace.database()) throw new RespError(Copy.SAME_OBJECT);
        Meta meta = keyspace.find(key);
        if (meta == null || target.exists(key)) return Reply.ZERO;
        keyspace.copy(key, meta, target, key);
        keyspace.delete(key);
        keyspace.event(EventKind.GENERIC, "move_from", key);
        target.event(EventKind.GENERIC, "move_to", key);
        return Reply.ONE;
    }

    @Override
    public Passage passage(int database) {
        return new Passage(key, this.database, key);
    }
}
