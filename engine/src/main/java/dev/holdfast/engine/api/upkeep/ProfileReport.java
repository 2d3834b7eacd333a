package dev.holdfast.engine.api.upkeep;

import java.util.List;

/// Which engines can open a database, by what it contains. It is stored nowhere, and inferred.
///
/// ```java
/// ProfileReport report = Engine.profile(store, "db");
/// System.out.println(report.profile() + ", as " + report.signs() + " show");
/// ```
///
/// @param profile `slatedb-0.12`, opened by SlateDB 0.12 and every later one, or `slatedb-0.15`,
///   opened by SlateDB 0.13.1 and later only
/// @param signs of the newer profile that were seen, in words; none for the older
/// @param isWritable true if this engine may write to it without being told how it is cut
public record ProfileReport(String profile, List<String> signs, boolean isWritable) {
    public ProfileReport {
        signs = List.copyOf(signs);
    }
}
