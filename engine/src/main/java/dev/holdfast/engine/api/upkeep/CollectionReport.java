package dev.holdfast.engine.api.upkeep;

import java.util.List;

/// What a collection removed, or would remove.
///
/// ```java
/// CollectionReport report = Engine.collect(store, "db", CollectionRules.defaults());
/// System.out.println(report.objects() + " objects, " + report.bytes() + " bytes removed");
/// ```
///
/// @param checkpoints that had ended
/// @param kept what it looked at and left
/// @param names of the objects, at most [#NAMES_MAX] of them
public record CollectionReport(ByKind removed, long checkpoints, Kept kept, List<String> names) {
    /// How many objects are named.
    public static final int NAMES_MAX = 10_000;

    public CollectionReport {
        names = List.copyOf(names);
    }

    /// Objects of one kind, and their bytes.
    public record Count(long objects, long bytes) {
        /// None.
        public static final Count NONE = new Count(0, 0);

        /// Both together.
        public Count plus(Count other) {
            return new Count(objects + other.objects, bytes + other.bytes);
        }
    }

    /// Objects by kind.
    ///
    /// @param compactions states of the compactor
    public record ByKind(Count tables, Count logObjects, Count manifests, Count compactions) {
        /// None.
        public static final ByKind NONE =
                new ByKind(Count.NONE, Count.NONE, Count.NONE, Count.NONE);

        /// Both together, kind by kind.
        public ByKind plus(ByKind other) {
            return new ByKind(
                    tables.plus(other.tables),
                    logObjects.plus(other.logObjects),
                    manifests.plus(other.manifests),
                    compactions.plus(other.compactions));
        }

        /// All kinds together.
        public Count all() {
            return tables.plus(logObjects).plus(manifests).plus(compactions);
        }
    }

    /// Objects that stay, by why.
    ///
    /// @param young not old enough to be looked at
    /// @param needed by the newest manifest, a checkpoint, a compaction, or by writers that were
    ///   fenced; or perhaps by somebody else, being of no kind that a database has
    public record Kept(long young, long needed) {
        /// None.
        public static final Kept NONE = new Kept(0, 0);
    }

    /// Tables that were removed.
    public long tables() {
        return removed.tables().objects();
    }

    /// Log objects that were removed.
    public long logObjects() {
        return removed.logObjects().objects();
    }

    /// Manifests that were removed.
    public long manifests() {
        return removed.manifests().objects();
    }

    /// States of the compactor that were removed.
    public long compactions() {
        return removed.compactions().objects();
    }

    /// How large the removed objects were.
    public long bytes() {
        return removed.all().bytes();
    }

    /// How many objects were removed.
    public long objects() {
        return removed.all().objects();
    }
}
