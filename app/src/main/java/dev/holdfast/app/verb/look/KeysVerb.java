package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.engine.api.upkeep.KeyUse;
import picocli.CommandLine.Command;

/// `keys`: what stands under which key of an encrypted database.
@Command(
        name = "keys",
        header = "Print what is stored under each encryption key.",
        description = {
            "Looks at the first bytes of every table that the newest manifest or a checkpoint"
                    + " names, and of the log. Key 0 is what is in clear. Needs no key, and writes"
                    + " nothing.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast keys --data s3://bucket/prefix",
            "Exit: 0, 66 no such database."
        })
public final class KeysVerb extends InspectVerb {
    @Override
    ExitStatus look(StoredObjects objects, Output out) {
        for (KeyUse use : objects.keysInUse())
            printLine(
                    new Page()
                            .add("key", use.keyId())
                            .add("tables", use.tables())
                            .add("tableBytes", use.tableBytes())
                            .add("logs", use.logs())
                            .add("kept", use.kept()),
                    out);
        return ExitStatus.OK;
    }
}
