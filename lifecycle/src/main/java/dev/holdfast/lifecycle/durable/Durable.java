package dev.holdfast.lifecycle.durable;

import java.util.function.Function;

/// A position that a completed fsync or PUT has made safe.
///
/// Invariant: one exists only after the write that it stands for was confirmed, or was read back
/// from where it is kept. What names a durable position (a manifest) takes this type, so that it
/// cannot name one that was merely frozen. Immutable.
public final class Durable<P> {
    private final P position;

    private Durable(P position) {
        this.position = position;
    }

    /// States that `position` is durable: called where an fsync or a PUT was confirmed, or where
    /// the position was read back from durable storage, and nowhere else.
    public static <P> Durable<P> confirmed(P position) {
        return new Durable<>(position);
    }

    /// The position itself.
    public P position() {
        return position;
    }

    /// The same fact in other words: `words` names a position that is durable because this one is.
    public <Q> Durable<Q> map(Function<? super P, ? extends Q> words) {
        return new Durable<>(words.apply(position));
    }

    @Override
    public String toString() {
        return "durable " + position;
    }
}
