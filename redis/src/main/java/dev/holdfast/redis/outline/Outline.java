package dev.holdfast.redis.outline;

import dev.holdfast.base.Bytes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names of those rows of a collection by which others are found, in order. Immutable.
public final class Outline {
    private final Bytes[] names;

    private Outline(Bytes[] names) {
        this.names = names;
    }

    /// Of `names`, which are in order and differ.
    public static Outline of(List<Bytes> names) {
        return new Outline(names.toArray(Bytes[]::new));
    }

    /// How many there are.
    public int size() {
        return names.length;
    }

    /// The last one up to `name`; null if there is none.
    public @Nullable Bytes floor(Bytes name) {
        int at = Arrays.binarySearch(names, name);
        int last = 0 <= at ? at : -at - 2;
        return last < 0 ? null : names[last];
    }

    /// The last one before `name`; null if there is none.
    public @Nullable Bytes lower(Bytes name) {
        int at = Arrays.binarySearch(names, name);
        int last = 0 <= at ? at - 1 : -at - 2;
        return last < 0 ? null : names[last];
    }

    /// The first one behind `name`; null if there is none.
    public @Nullable Bytes higher(Bytes name) {
        int at = Arrays.binarySearch(names, name);
        int next = 0 <= at ? at + 1 : -at - 1;
        return next == names.length ? null : names[next];
    }

    /// These and `name`.
    public Outline with(Bytes name) {
        int at = Arrays.binarySearch(names, name);
        if (0 <= at) return this;
        Bytes[] more = new Bytes[names.length + 1];
        System.arraycopy(names, 0, more, 0, -at - 1);
        more[-at - 1] = name;
        System.arraycopy(names, -at - 1, more, -at, names.length + at + 1);
        return new Outline(more);
    }

    /// These but for `name`.
    public Outline without(Bytes name) {
        int at = Arrays.binarySearch(names, name);
        if (at < 0) return this;
        Bytes[] fewer = new Bytes[names.length - 1];
        System.arraycopy(names, 0, fewer, 0, at);
        System.arraycopy(names, at + 1, fewer, at, fewer.length - at);
        return new Outline(fewer);
    }
}
