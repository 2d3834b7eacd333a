package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// A lost race for the next number of a manifest or of the compactor's state.
@Name("dev.holdfast.Conflict")
@Label("CAS conflict")
@Description("Another was faster to create the next numbered object")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class ConflictEvent extends Event {
    @Label("Object")
    public @Nullable String object;
}
