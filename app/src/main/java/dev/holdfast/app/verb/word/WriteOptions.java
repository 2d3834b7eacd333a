package dev.holdfast.app.verb.word;

import dev.holdfast.app.store.OpenDatabase.Claim;
import dev.holdfast.engine.api.Settings;
import picocli.CommandLine.Option;

/// What a writing verb does about a process that already writes.
public final class WriteOptions {
    /// Of a verb that writes a few rows and ends: whoever serves the database tends it.
    public static final Settings SETTINGS = Settings.defaults().but().untended().build();

    @Option(
            names = "--take-over",
            description =
                    "Write even if another process holds the database, and give up what only"
                            + " another disk has. That process is fenced: its next write fails and"
                            + " it has to be restarted.")
    private boolean isTakeOver;

    /// What was chosen.
    public Claim claim() {
        return isTakeOver ? Claim.TAKE_OVER : Claim.IF_FREE;
    }
}
