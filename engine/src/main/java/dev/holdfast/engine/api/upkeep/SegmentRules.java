package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import java.util.List;

/// How a database is cut into segments: keys that begin alike have tables of their own, which are
/// compacted apart from the others and dropped as a whole. For data that comes in order and goes in
/// order, such as a bucket of time each.
///
/// Said when the database is made, and at every opening since unless the extractor is one of
/// [PrefixExtractor]'s own, which is known by its name. Every key has to have a prefix: one that
/// has none is refused with `Invalid`.
///
/// ```java
/// var byDay = SegmentRules.by(PrefixExtractor.fixed(10)).retaining(Retention.newest(30));
/// builder.profile(FormatProfile.SLATEDB_0_15).segments(byDay);      // keys: 2026-03-09/...
/// ```
///
/// @param extractor which bytes of a key tell its segment
/// @param retention which segments go
public record SegmentRules(PrefixExtractor extractor, Retention retention) {
    /// Which segments go. A pure function: it is asked again and again, by whoever compacts.
    @FunctionalInterface
    public interface Retention {
        /// Those of `segments`, the prefixes of all that have tables, ascending, whose rows are to
        /// go, as of `nowMillis` by this machine's clock.
        List<Bytes> expired(List<Bytes> segments, long nowMillis);

        /// None.
        static Retention all() {
            return (_, _) -> List.of();
        }

        /// All but the last `count` in the order of their prefixes.
        static Retention newest(int count) {
            require(1 <= count, "count: %d", count);
            return (segments, _) -> segments.subList(0, Math.max(0, segments.size() - count));
        }
    }

    /// Cut by `extractor`; nothing goes.
    public static SegmentRules by(PrefixExtractor extractor) {
        return new SegmentRules(extractor, Retention.all());
    }

    /// The same, with segments that go.
    public SegmentRules retaining(Retention retention) {
        return new SegmentRules(extractor, retention);
    }
}
