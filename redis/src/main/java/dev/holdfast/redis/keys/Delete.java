package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.signal.EventKind;
import java.util.List;

/// `DEL key [key ...]` and `UNLINK`, which are one: what a key holds is given up in one step.
record Delete(List<Bytes> keys) implements Command {
    static final Syntax DEL =
            Syntax.write("DEL", -2, words -> new Delete(words.keys(0)))
                    .keys(KeySpec.all("RM", "delete"))
                    .docs(
                            Group.GENERIC,
                            "1.0.0",
                            "O(N) where N is the number of keys that will be removed. When a key"
                                    + " to remove holds a value other than a string, the"
                                    + " individual complexity for this key is O(M) where M is the"
                                    + " number of elements in the list, set, sorted set or hash."
                                    + " Removing a single key that holds a string value is O(1).",
                            "Delete a key",
                            "key [key ...]");

    static final Syntax UNLINK =
            Syntax.write("UNLINK", -2, words -> new Delete(words.keys(0)))
                    .flags(Flag.FAST)
                    .keys(KeySpec.all("RM", "delete"))
                    .docs(
                            Group.GENERIC,
                            "4.0.0",
                            "O(1) for each key removed regardless of its size. Then the command"
                                    + " does O(N) work in a different thread in order to reclaim"
                                    + " memory, where N is the number of allocations the deleted"
                                    + " objects where composed of.",
                            "Delete a key asynchronously in another thread. Otherwise it is just"
                                    + " as DEL, but non blocking.",
                            "key [key ...]");

    @Override
    public Reply run(Keyspace keyspace) {
        long deleted = 0;
        for (Bytes key : keys) {
            if (!keyspace.delete(key)) continue;
            keyspace.event(EventKind.GENERIC, "del", key);
            deleted++;
        }
        return Reply.integer(deleted);
    }
}
