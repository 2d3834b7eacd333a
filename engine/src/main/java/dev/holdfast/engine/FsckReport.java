package dev.holdfast.engine;

import java.util.List;

/// What a look at every object of a database found.
///
/// ```java
/// FsckReport report = Engine.fsck(store, "db");
/// if (!report.isSound()) report.problems().forEach(System.err::println);
/// ```
///
/// @param manifestId of the manifest that was followed
/// @param objectsChecked objects that the manifest names, read whole and decoded
/// @param rowsChecked rows met in them
/// @param problems what is missing or wrong, one line each with the object's name
/// @param orphans objects that nothing names, such as what a crash left behind; harmless
public record FsckReport(
        long manifestId,
        long objectsChecked,
        long rowsChecked,
        List<String> problems,
        List<String> orphans) {
    public FsckReport {
        problems = List.copyOf(problems);
        orphans = List.copyOf(orphans);
    }

    /// True if nothing is missing or wrong.
    public boolean isSound() {
        return problems.isEmpty();
    }
}
