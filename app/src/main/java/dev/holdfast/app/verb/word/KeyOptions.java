package dev.holdfast.app.verb.word;

import dev.holdfast.app.store.KeyFile;
import dev.holdfast.engine.api.upkeep.KeyRing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the keys of an encrypted database are.
public final class KeyOptions {
    @Option(
            names = "--encryption-key-file",
            paramLabel = "FILE",
            defaultValue = "${env:HOLDFAST_ENCRYPTION_KEY_FILE}",
            description =
                    "The keys of an encrypted database: a line each, a number and 32 bytes in"
                            + " base64 or hex; the first one encrypts. Also"
                            + " HOLDFAST_ENCRYPTION_KEY_FILE.")
    private @Nullable String keyFile;

    /// The keys; none if no file was named.
    public KeyRing keys() {
        return KeyFile.read(keyFile);
    }
}
