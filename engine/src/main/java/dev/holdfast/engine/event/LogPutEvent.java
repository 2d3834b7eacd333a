package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// One object of the log on its way to the store, with all repeats.
@Name("dev.holdfast.LogPut")
@Label("Log object put")
@Description("An object of the log was put")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class LogPutEvent extends Event {
    @Label("Object")
    public @Nullable String object;

    @DataAmount
    @Label("Bytes")
    public long bytes;

    @Label("Outcome")
    public @Nullable String outcome;
}
