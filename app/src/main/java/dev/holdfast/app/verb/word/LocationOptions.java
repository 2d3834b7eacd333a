package dev.holdfast.app.verb.word;

import dev.holdfast.app.store.DatabaseLocation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where the database is.
public final class LocationOptions {
    @Option(
            names = {"-d", "--data"},
            paramLabel = "URL|DIR",
            defaultValue = "./holdfast-data",
            description =
                    "The store: file:///absolute/path, a directory, s3://bucket/prefix,"
                            + " az://account/container/prefix, or memory:"
                            + " (default: ${DEFAULT-VALUE}).")
    private String data = "";

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = "",
            description = "The database's path in the store (default: the store's root).")
    private String path = "";

    @Mixin private KeyOptions keys = new KeyOptions();

    @Option(
            names = "--wal-store",
            paramLabel = "URL|DIR",
            description = "The store that has its log, if it was made with one of its own.")
    private @Nullable String walStore;

    /// What was typed.
    public DatabaseLocation location() {
        return located(data);
    }

    private DatabaseLocation located(String place) {
        DatabaseLocation location = DatabaseLocation.of(place, path).with(keys.keys());
        return walStore == null ? location : location.withWal(walStore);
    }

    /// What was typed, with the store at `place` if that is not null.
    public DatabaseLocation location(@Nullable String place) {
        return place == null ? location() : located(place);
    }
}
