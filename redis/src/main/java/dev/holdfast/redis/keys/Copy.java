package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.CopyingCommand;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspace.Passage;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;

/// `COPY source destination [DB destination-db] [REPLACE]`: puts a copy of a value at another key.
///
/// @param database [#SAME] if none was named
record Copy(Bytes source, Bytes destination, int database, Collision collision)
        implements CopyingCommand {
    static final Syntax SYNTAX =
            Syntax.write("COPY", -3, Copy::parse)
                    .flags(Flag.DENYOOM)
                    .keys(KeySpec.at(1, "RO", "access"), KeySpec.at(2, "OW", "update"))
                    .docs(
                            Group.GENERIC,
                            "6.2.0",
                            "O(N) worst case for collections, where N is the number of nested"
                                    + " items. O(1) for string values.",
                            "Copy a key",
                            "source destination [DB destination-db] [REPLACE]");

    static final String SAME_OBJECT = "ERR source and destination objects are the same";

    private static final int SAME = -1;

    /// What happens to a value that is at the destination already.
    enum Collision {
        REPLACE,
        SPARE
    }

    private static Copy parse(Words words) {
        int database = SAME;
        Collision collision = Collision.SPARE;
        for (Options options = words.options(2); options.more(); ) {
            switch (options.keyword()) {
                case "REPLACE" -> collision = Collision.REPLACE;
                case "DB" -> database = Databases.index(options.bytes());
                default -> throw options.unexpected();
            }
        }
        return new Copy(words.key(0), words.key(1), database, collision);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Keyspace target = database == SAME ? keyspace : keyspace.in(database);
        if (target.database() == keyspace.database() && source.equals(destination))
            throw new RespError(SAME_OBJECT);
        Meta meta = keyspace.reading().find(source);
        if (meta == null) return Reply.ZERO;
        if (collision == Collision.SPARE && target.exists(destination)) return Reply.ZERO;
        keyspace.copy(source, meta, target, destination);
        target.event(EventKind.GENERIC, "copy_to", destination);
        return Reply.ONE;
    }

    @Override
    public Passage passage(int database) {
        return new Passage(source, this.database == SAME ? database : this.database, destination);
    }
}
