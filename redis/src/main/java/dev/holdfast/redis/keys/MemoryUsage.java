package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;

/// `MEMORY USAGE key [SAMPLES count]`: how many bytes the rows of the key take, of a collection by
/// the average of some.
record MemoryUsage(Bytes key, long samples) implements Command {
    private static final long SAMPLES_DEFAULT = 5;

    static final Syntax SYNTAX =
            Syntax.read("USAGE", -3, MemoryUsage::parse)
                    .keys(KeySpec.at(2, "RO"))
                    .docs(
                            Group.SERVER,
                            "4.0.0",
                            "O(N) where N is the number of samples.",
                            "Estimate the memory usage of a key",
                            "key [SAMPLES count]");

    private static MemoryUsage parse(Words words) {
        long samples = SAMPLES_DEFAULT;
        for (Options options = words.options(1); options.more(); ) {
            if (!options.keyword().equals("SAMPLES") || !options.more()) throw options.unexpected();
            samples = options.integer();
            if (samples < 0) throw options.unexpected();
        }
        return new MemoryUsage(words.key(0), samples == 0 ? Long.MAX_VALUE : samples);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.aside().quiet().find(key);
        return meta == null ? Reply.NULL : Reply.integer(keyspace.bytes(key, meta, samples));
    }
}
