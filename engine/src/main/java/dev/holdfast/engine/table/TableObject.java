package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The object that holds a table: ranges of it, decoded, or a failure that names object and offset.
record TableObject(ObjectStore store, String name) {
    /// `[offset, offset + length)` as `decode` reads it. What does not check out is read once more,
    /// in case it was damaged on the way.
    <T> T read(long offset, long length, Function<Bytes, T> decode) {
        if (Integer.MAX_VALUE - 8 < length) throw corrupt("section too long", offset, null);
        try {
            return decode.apply(bytes(offset, (int) length));
        } catch (FormatException _) {
            try {
                return decode.apply(bytes(offset, (int) length));
            } catch (FormatException wrong) {
                throw corrupt(wrong.getMessage(), offset, wrong);
            }
        }
    }

    /// `[offset, offset + length)` as stored. An answer that was cut short is asked for once more.
    Bytes bytes(long offset, int length) {
        Bytes bytes = answer(offset, length);
        if (bytes.length() != length) bytes = answer(offset, length);
        if (bytes.length() == length) return bytes;
        throw new Unavailable("answer cut short. object=`" + name + "`", null);
    }

    private Bytes answer(long offset, int length) {
        try {
            Bytes bytes = store.get(name, offset, length);
            if (bytes == null) throw missing();
            return bytes;
        } catch (ObjectStoreException.Invalid beyondTheEnd) {
            throw corrupt("object shorter than the manifest says", offset, beyondTheEnd);
        } catch (ObjectStoreException failure) {
            throw unavailable(failure);
        }
    }

    /// How many bytes there are.
    long size() {
        try {
            ObjectMeta meta = store.head(name);
            if (meta == null) throw missing();
            return meta.size();
        } catch (ObjectStoreException failure) {
            throw unavailable(failure);
        }
    }

    CorruptData corrupt(String what, long offset, @Nullable Throwable why) {
        return new CorruptData(what + ". object=`" + name + "`, offset=`" + offset + "`", why);
    }

    private CorruptData missing() {
        return new CorruptData("DATA_MISSING: object not found. object=`" + name + "`", null);
    }

    private Unavailable unavailable(ObjectStoreException failure) {
        return new Unavailable("table not readable. object=`" + name + "`", failure);
    }
}
