package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.sst.SstEncoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes tables: rows in key order in, one object out. Thread-safe.
public final class SstWriter {
    private static final int ATTEMPTS_MAX = 4;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(50);

    private final ObjectStore store;
    private final TablePaths paths;
    private final SstSettings settings;
    private final Sealing sealing;
    private final Env env;
    private final FilterChoice filters;

    public SstWriter(
            ObjectStore store, TablePaths paths, SstSettings settings, Sealing sealing, Env env) {
        this.store = store;
        this.paths = paths;
        this.settings = settings;
        this.sealing = sealing;
        this.env = env;
        filters = FilterChoice.USUAL;
    }

    private SstWriter(SstWriter like, FilterChoice filters) {
        store = like.store;
        paths = like.paths;
        settings = like.settings;
        sealing = like.sealing;
        env = like.env;
        this.filters = filters;
    }

    /// The same with those filters in every table.
    public SstWriter with(FilterChoice filters) {
        return new SstWriter(this, filters);
    }

    /// Writes all of `rows`, at least one, as the table `id`, which is fresh. Returns what the
    /// manifest has to say of it, once it is stored.
    ///
    /// Rows are ascending; of those with equal key and sequence number the first is kept. Throws
    /// `Unavailable` if the store does not confirm; the object may be there then, and nothing names
    /// it.
    public Durable<SstHandle> write(Ulid id, RowCursor rows) {
        return store(id, encode(id, rows));
    }

    /// The name of the object of the table `id`.
    public String nameOf(Ulid id) {
        return paths.name(id);
    }

    /// An encoder of the table `id` in the form that this writer writes. Its maker closes it.
    public SstEncoder encoder(Ulid id) {
        return filters.isUsual()
                ? new SstEncoder(settings, sealing.table(id))
                : new SstEncoder(settings, sealing.table(id), filters.makers());
    }

    /// Stores `sst` as the table `id`, which is fresh, as [#write] does.
    public Durable<SstHandle> store(Ulid id, EncodedSst sst) {
        var handle = new SstHandle(id, sst.properties(), SstFooter.VERSION_WRITTEN);
        return put(paths.name(id), sst).map(_ -> handle);
    }

    /// All of `rows` as [#write] takes them, encoded as the table `id`.
    public EncodedSst encode(Ulid id, RowCursor rows) {
        try (SstEncoder encoder = encoder(id)) {
            byte[] key = new byte[64];
            int keyLength = 0;
            long seq = 0;
            while (rows.next()) {
                int from = rows.keyOffset();
                int length = rows.keyLength();
                boolean isRepeated =
                        seq == rows.seq()
                                && Arrays.equals(
                                        key, 0, keyLength, rows.keyArray(), from, from + length);
                if (isRepeated) continue;
                encoder.add(rows);
                seq = rows.seq();
                keyLength = length;
                if (key.length < length) key = new byte[Math.max(length, 2 * key.length)];
                System.arraycopy(rows.keyArray(), from, key, 0, length);
            }
            return encoder.finish();
        }
    }

    /// Sees to it that the table `handle` is stored as `content`, which may be there already from
    /// an earlier attempt, even one of an earlier life. One attempt; throws `Unavailable` if the
    /// store does not confirm.
    public Durable<SstHandle> send(SstHandle handle, List<Bytes> content) {
        String name = paths.name(handle.id());
        try {
            return switch (store.putIfAbsent(name, content, handle.id())) {
                case PutResult.Stored stored -> stored.name().map(_ -> handle);
                case PutResult.AlreadyExists _ -> settled(name, handle, content);
                case PutResult.Unknown unknown -> throw notWritten(name, unknown.cause());
            };
        } catch (ObjectStoreException failure) {
            throw notWritten(name, failure);
        }
    }

    // The name is fresh, so nobody else writes there. What differs was damaged in the store; the
    // bytes that belong there mend it.
    private Durable<SstHandle> settled(String name, SstHandle handle, List<Bytes> content) {
        Bytes there = store.get(name);
        if (there != null && isContent(there, content)) return Durable.confirmed(handle);
        there = store.get(name);
        if (there != null && isContent(there, content)) return Durable.confirmed(handle);
        return switch (store.put(name, content)) {
            case PutResult.Stored stored -> stored.name().map(_ -> handle);
            case PutResult.Unknown unknown -> throw notWritten(name, unknown.cause());
            case PutResult.AlreadyExists _ ->
                    throw new AssertionError("an unconditional put cannot lose " + name);
        };
    }

    private static boolean isContent(Bytes there, List<Bytes> content) {
        int at = 0;
        for (Bytes part : content) {
            int end = at + part.length();
            if (there.length() < end || !there.slice(at, end).equals(part)) return false;
            at = end;
        }
        return at == there.length();
    }

    // The name is fresh and the bytes are the same: repeating it changes nothing.
    private Durable<String> put(String name, EncodedSst sst) {
        RuntimeException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            if (0 < attempt) pause(PAUSE_FIRST.multipliedBy(1L << attempt), failure);
            try {
                switch (store.put(name, sst.chunks())) {
                    case PutResult.Stored stored -> {
                        return stored.name();
                    }
                    case PutResult.AlreadyExists _ ->
                            throw new AssertionError("an unconditional put cannot lose " + name);
                    case PutResult.Unknown unknown -> failure = unknown.cause();
                }
            } catch (ObjectStoreException.Unavailable unavailable) {
                failure = unavailable;
            } catch (ObjectStoreException.Refused refused) {
                throw notWritten(name, refused);
            }
        }
        throw notWritten(name, failure);
    }

    private void pause(Duration duration, @Nullable RuntimeException failure) {
        try {
            env.sleep(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while a table was written", failure);
        }
    }

    private static Unavailable notWritten(String name, @Nullable RuntimeException failure) {
        return new Unavailable("table not written. object=`" + name + "`", failure);
    }
}
