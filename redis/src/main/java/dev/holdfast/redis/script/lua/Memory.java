package dev.holdfast.redis.script.lua;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How much memory one script may hold, and how much it does.
///
/// What is made is charged; what is given up is found out by a walk over all that can still be
/// reached, once so much was charged that it pays. Not thread-safe.
public final class Memory {
    /// For tables that belong to no script.
    public static final Memory UNCOUNTED = new Memory(Long.MAX_VALUE, new Pool(Long.MAX_VALUE));

    private static final long STEP = 256 << 10;
    private static final long FUNCTION_BYTES = 64;

    private final long max;
    private final Pool pool;
    private Consumer<Visitor> roots = _ -> {};
    private long used;
    private long reserved;
    private int epoch;

    /// @param max the most that is held
    /// @param pool what all scripts share
    public Memory(long max, Pool pool) {
        this.max = max;
        this.pool = pool;
    }

    /// What all scripts together may hold. Thread-safe.
    public static final class Pool {
        private final long max;
        private long taken;

        public Pool(long max) {
            this.max = max;
        }

        /// Takes `bytes`; false if there are not so many left.
        public synchronized boolean take(long bytes) {
            if (max - taken < bytes) return false;
            taken += bytes;
            return true;
        }

        /// Gives `bytes` back.
        public synchronized void giveBack(long bytes) {
            taken -= bytes;
        }

        /// How much is taken.
        public synchronized long taken() {
            return taken;
        }
    }

    /// Sees all that can be reached.
    public interface Visitor {
        /// Meets a value, or nothing.
        void visit(@Nullable Object value);
    }

    /// Says where all that a script can reach begins.
    void rootedIn(Consumer<Visitor> roots) {
        this.roots = roots;
    }

    /// `bytes` more are about to be held. An error if that is too much.
    public void charge(long bytes) {
        used += bytes;
        if (reserved < used && max != Long.MAX_VALUE) settle(bytes);
    }

    /// The most that is held.
    public long max() {
        return max;
    }

    /// About how much is held, with what was given up since it was measured last.
    public long used() {
        return used;
    }

    /// Gives everything back to those who share.
    public void release() {
        pool.giveBack(reserved);
        reserved = 0;
    }

    // Takes more from the pool as long as that is little; measures before it takes much.
    private void settle(long bytes) {
        if (8 * STEP < used) used = Math.min(used, live() + bytes);
        long wanted = Math.min(max, Math.max(used + used / 2, used + STEP));
        boolean isTooMuch = wanted == max && wanted - used < max / 16;
        if (isTooMuch || reserved < wanted && !pool.take(wanted - reserved)) {
            used -= bytes;
            throw LuaError.bare("not enough memory");
        }
        if (wanted < reserved) pool.giveBack(reserved - wanted);
        reserved = wanted;
    }

    private long live() {
        var walk = new Walk(++epoch);
        roots.accept(walk);
        return walk.total();
    }

    /// A walk over all values that can be reached, without recursion.
    private static final class Walk implements Visitor {
        private final int epoch;
        private final Deque<Object> open = new ArrayDeque<>();
        private long total;

        Walk(int epoch) {
            this.epoch = epoch;
        }

        long total() {
            while (!open.isEmpty()) {
                switch (open.pop()) {
                    case LuaTable table -> table.visit(this);
                    case Closure closure -> closure.visit(this);
                    case Coroutine coroutine -> coroutine.visit(this);
                    default -> {}
                }
            }
            return total;
        }

        @Override
        public void visit(@Nullable Object value) {
            switch (value) {
                case LuaString string -> {
                    if (string.mark != epoch) total += string.size();
                    string.mark = epoch;
                }
                case LuaTable table -> {
                    if (table.mark == epoch || table.isFrozen()) return;
                    table.mark = epoch;
                    total += table.size();
                    open.push(table);
                }
                case Closure closure -> {
                    if (closure.mark == epoch) return;
                    closure.mark = epoch;
                    total += closure.size();
                    open.push(closure);
                }
                case Coroutine coroutine -> {
                    if (coroutine.mark == epoch) return;
                    coroutine.mark = epoch;
                    total += coroutine.size();
                    open.push(coroutine);
                }
                case HostFunction _ -> total += FUNCTION_BYTES;
                case Double _ -> total += Double.BYTES * 2;
                case null, default -> {}
            }
        }
    }
}
