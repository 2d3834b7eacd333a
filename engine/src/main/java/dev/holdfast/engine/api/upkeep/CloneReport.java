package dev.holdfast.engine.api.upkeep;

/// What a clone consists of, once it can be opened.
///
/// ```java
/// CloneReport report = Engine.clones(store).create("trial", List.of(CloneSource.of("db")));
/// System.out.println(report.tablesShared() + " tables shared with their source");
/// ```
///
/// @param manifest its first manifest that is complete
/// @param tablesShared tables that stay where they are, in the databases that it comes from
/// @param tablesMade tables that were written for it: copies, and logs that became tables
/// @param logObjects log objects that were copied
public record CloneReport(long manifest, int tablesShared, int tablesMade, long logObjects) {}
