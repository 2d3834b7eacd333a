package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// One collection of what nothing needs.
@Name("dev.holdfast.Collection")
@Label("Collection")
@Description("What nothing needs was removed")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class CollectionEvent extends Event {
    @Label("Database")
    public @Nullable String database;

    @Label("Tables")
    public long tables;

    @Label("Log objects")
    public long logObjects;

    @Label("Manifests")
    public long manifests;

    @Label("States of the compactor")
    public long compactorStates;

    @Label("Checkpoints ended")
    public long checkpoints;

    @DataAmount
    @Label("Bytes removed")
    public long bytes;

    @Label("Outcome")
    public @Nullable String outcome;
}
