package dev.holdfast.app.verb.word;

import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a new database is cut into segments.
public final class SegmentOptions {
    @Option(
            names = "--segments",
            paramLabel = "fixed:N|until:C",
            converter = TableOptions.PrefixesIn.class,
            description =
                    "Cut a new database into segments, by the first N bytes of keys or by those up"
                            + " to the character C; it has the profile slatedb-0.15 then. A"
                            + " database that is there stays cut as it was made.")
    private TableOptions.@Nullable Prefixes segments;

    /// The rules that were named; null if none were.
    public @Nullable SegmentRules rules() {
        PrefixExtractor extractor = segments == null ? null : segments.extractor();
        return extractor == null ? null : SegmentRules.by(extractor);
    }

    /// `builder` with them.
    public EngineBuilder givenTo(EngineBuilder builder) {
        SegmentRules rules = rules();
        return rules == null ? builder : builder.segments(rules);
    }
}
