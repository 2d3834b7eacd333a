package dev.holdfast.lifecycle.gate;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Room for one holder inside a gate, used again and again: `stay` counts its takings and leavings,
/// and is odd while it is held.
///
/// A ticket stands for one stay: its low bits are the place's number, the others the stay's.
final class Place {
    private static final int NUMBER_BITS = 24;

    /// How many places can be told apart by tickets.
    static final int NUMBERS = 1 << NUMBER_BITS;

    private static final long STAY_MASK = -1L >>> NUMBER_BITS;

    private final int number;
    private final AtomicLong stay = new AtomicLong();

    // `thread` is written last and read first, so who sees the holder sees its names too.
    private volatile @Nullable Thread thread;
    private String who = "";
    private String doing = "";

    Place(int number) {
        this.number = number;
    }

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

    /// The ticket of the present stay.
    long ticket() {
        return stay.get() << NUMBER_BITS | number;
    }

    /// The number of the place that `ticket` is for.
    static int numberOf(long ticket) {
        return (int) ticket & NUMBERS - 1;
    }

    /// False if the stay of `ticket` is over already.
    boolean leaveWith(long ticket) {
        long seen = stay.get();
        return (seen & STAY_MASK) == ticket >>> NUMBER_BITS && leave(seen);
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
