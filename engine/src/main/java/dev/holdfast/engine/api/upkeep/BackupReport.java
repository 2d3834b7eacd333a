package dev.holdfast.engine.api.upkeep;

/// What a backup copied.
///
/// ```java
/// BackupReport report = Engine.backup(store, "db", vault, "db");
/// System.out.println(report.objectsCopied() + " copied of " + report.sourceManifest());
/// ```
///
/// @param sourceManifest the manifest of the source that was copied
/// @param manifest the manifest that it became
/// @param objectsCopied tables and log objects that were not there yet
/// @param bytesCopied how large they were
/// @param objectsPresent tables and log objects that an earlier backup had copied
public record BackupReport(
        long sourceManifest,
        long manifest,
        long objectsCopied,
        long bytesCopied,
        long objectsPresent) {}
