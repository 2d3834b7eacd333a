package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The first row of all: which generation of keys each database shows.
///
/// ```
/// | encoding u8 = 1 | hash seed 16 bytes | next generation u32
/// | databases u8 = 16 | generation u32 each |
/// ```
///
/// Invariant: a generation is given out once, so that a database which takes a new one is empty,
/// whatever rows of older ones are still about.
record Root(Bytes seed, int nextGeneration, List<Integer> generations) {
    static final int SEED_BYTES = 16;
    private static final int BYTES = 1 + SEED_BYTES + 4 + 1 + 4 * Keyspaces.COUNT;

    Root {
        generations = List.copyOf(generations);
    }

    static Root first(Bytes seed) {
        List<Integer> generations =
                IntStream.rangeClosed(1, Keyspaces.COUNT).boxed().collect(Collectors.toList());
        return new Root(seed, Keyspaces.COUNT + 1, generations);
    }

    int generation(int database) {
        return generations.get(database);
    }

    /// The root in which `database` is empty.
    Root renewed(int database) {
        Integer[] changed = generations.toArray(Integer[]::new);
        changed[database] = nextGeneration;
        return new Root(seed, nextGeneration + 1, List.of(changed));
    }

    /// The root in which `one` shows what `other` did, and the reverse.
    Root swapped(int one, int other) {
        Integer[] changed = generations.toArray(Integer[]::new);
        changed[one] = generations.get(other);
        changed[other] = generations.get(one);
        return new Root(seed, nextGeneration, List.of(changed));
    }

    Bytes encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES).put((byte) RowKeys.ENCODING);
        out.put(seed.toArray()).putInt(nextGeneration).put((byte) generations.size());
        generations.forEach(out::putInt);
        return Bytes.wrap(out.array());
    }

    static Root decode(Bytes encoded) {
        if (encoded.isEmpty() || encoded.at(0) != RowKeys.ENCODING)
            throw new StorageException.Invalid(
                    "redis encoding not supported. encoding=`"
                            + (encoded.isEmpty() ? "none" : encoded.at(0))
                            + "`",
                    null);
        ByteBuffer in = encoded.toBuffer();
        if (in.remaining() != BYTES || in.get(BYTES - 1 - 4 * Keyspaces.COUNT) != Keyspaces.COUNT)
            throw new StorageException.CorruptData(
                    "redis root row invalid. length=`" + in.remaining() + "`", null);
        byte[] seed = new byte[SEED_BYTES];
        in.position(1).get(seed);
        int nextGeneration = in.getInt();
        in.get();
        Integer[] generations = new Integer[Keyspaces.COUNT];
        Arrays.setAll(generations, _ -> in.getInt());
        return new Root(Bytes.wrap(seed), nextGeneration, List.of(generations));
    }
}
