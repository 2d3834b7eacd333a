package dev.holdfast.lifecycle.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// One phase of the stop of one scope.
@Name("dev.holdfast.StopPhase")
@Label("Phase of a stop")
@Description("A scope went through one phase of its stop")
@Category({"Holdfast", "Lifecycle"})
@StackTrace(false)
public final class StopPhaseEvent extends Event {
    @Label("Scope")
    public @Nullable String scope;

    @Label("Phase")
    public @Nullable String phase;

    @Label("Mode")
    public @Nullable String mode;

    @Label("Reason of the stop")
    public @Nullable String reason;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Time it may take")
    public long budgetNanos;

    @Label("Components")
    public int components;

    @Label("Not done")
    public @Nullable String notDone;
}
