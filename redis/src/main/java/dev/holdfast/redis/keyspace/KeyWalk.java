package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Scan;
import java.util.function.Consumer;

/// A walk over the keys of one generation in the order of their hashes, expired ones included.
///
/// Data rows are leapt over, also those that a dropped key left behind. Closing it closes the scan.
final class KeyWalk implements AutoCloseable {
    private final Scan scan;
    private Bytes metaKey = Bytes.EMPTY;
    private Meta meta = Meta.inline(Bytes.EMPTY, StringForm.PLAIN, Meta.NO_EXPIRY);

    KeyWalk(Scan scan) {
        this.scan = scan;
    }

    /// Moves to the next key, and tells whether there is one.
    boolean next() {
        while (scan.next()) {
            int metaLength = RowKeys.metaLength(scan.key());
            boolean isMeta = metaLength == scan.key().length();
            if (isMeta && !Meta.isGone(scan.value())) {
                metaKey = scan.key();
                meta = Meta.decode(scan.value());
                if (meta.hasRows()) scan.seek(behind(metaKey));
                return true;
            }
            scan.seek(behind(scan.key().slice(0, metaLength)));
        }
        return false;
    }

    /// Has keys that have not expired by `nowMillis` visited, until `count` keys were passed and
    /// the next one has another hash. Returns that, as unsigned; 0 at the end.
    long visit(long count, long nowMillis, Consumer<FoundKey> visitor) {
        int last = 0;
        for (long passed = 0; next(); passed++) {
            if (count <= passed && hash() != last) return Integer.toUnsignedLong(hash());
            last = hash();
            if (!meta.isExpired(nowMillis)) visitor.accept(found());
        }
        return 0;
    }

    int hash() {
        return RowKeys.hashOf(metaKey);
    }

    Meta meta() {
        return meta;
    }

    FoundKey found() {
        return new FoundKey(RowKeys.keyOf(metaKey), meta);
    }

    @Override
    public void close() {
        scan.close();
    }

    // The end mark is 00 01, so 00 02 lies behind every row of the key and before any other key.
    private static Bytes behind(Bytes metaKey) {
        byte[] behind = metaKey.toArray();
        behind[behind.length - 1]++;
        return Bytes.wrap(behind);
    }
}
