package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// A writer that waits for room before its batch enters the order of commits.
@Name("dev.holdfast.WriteStall")
@Label("Write stall")
@Description("A writer waited for room")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class WriteStallEvent extends Event {
    @Label("Database")
    public @Nullable String database;

    @Label("Reason")
    public @Nullable String reason;

    @DataAmount
    @Label("Bytes of the batch")
    public long batchBytes;
}
