package dev.holdfast.lifecycle.gate;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Room for one holder inside a gate, used again and again: `stay` counts its takings and leavings,
/// and is odd while it is held.
final class Place {
    private final AtomicLong stay = new AtomicLong();
    private volatile @Nullable Thread thread;
    private volatile String who = "";
    private volatile String doing = "";

    /// False if someone else is in.
    boolean take(Thread holder, String name, String work) {
        long seen = stay.get();
        if ((seen & 1) != 0 || !stay.compareAndSet(seen, seen + 1)) return false;
        who = name;
        doing = work;
        thread = holder;
        return true;
    }

    /// False if that stay is over already.
    boolean leave(long held) {
        return stay.compareAndSet(held, held + 1);
    }

    boolean isHeld(long held) {
        return stay.get() == held;
    }

    long stay() {
        return stay.get();
    }

    void moveTo(Thread holder) {
        thread = holder;
    }

    /// Who is in; null if nobody is.
    @Nullable Holder holder() {
        long seen = stay.get();
        if ((seen & 1) == 0) return null;
        Thread inside = thread;
        Holder holder = new Holder(who, doing, inside);
        return stay.get() == seen ? holder : holder();
    }
}
