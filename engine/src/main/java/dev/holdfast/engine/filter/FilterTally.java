package dev.holdfast.engine.filter;

import dev.holdfast.engine.api.DbStats;
import java.util.concurrent.atomic.LongAdder;

/// What the filters of one database said to its readers. Thread-safe.
public final class FilterTally {
    private final Answers keys = new Answers();
    private final Answers prefixes = new Answers();

    /// What they said to one kind of question.
    public static final class Answers {
        private final LongAdder denied = new LongAdder();
        private final LongAdder admitted = new LongAdder();
        private final LongAdder inVain = new LongAdder();

        /// A table was passed over. Returns false.
        public boolean deny() {
            denied.increment();
            return false;
        }

        /// A table was looked at. Returns true.
        public boolean admit() {
            admitted.increment();
            return true;
        }

        /// A table that was looked at had nothing of what was looked for.
        public void wasInVain() {
            inVain.increment();
        }

        private DbStats.Filters.Answers figures() {
            return new DbStats.Filters.Answers(denied.sum(), admitted.sum(), inVain.sum());
        }
    }

    /// To questions for single keys.
    public Answers keys() {
        return keys;
    }

    /// To questions for prefixes.
    public Answers prefixes() {
        return prefixes;
    }

    /// All of it.
    public DbStats.Filters figures() {
        return new DbStats.Filters(keys.figures(), prefixes.figures());
    }
}
