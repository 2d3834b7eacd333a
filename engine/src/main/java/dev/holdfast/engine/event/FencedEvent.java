package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// The end of a writer or of a compactor's work, because a newer one has taken over.
@Name("dev.holdfast.Fenced")
@Label("Fenced")
@Description("A newer writer or compactor has taken over")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class FencedEvent extends Event {
    @Label("Database")
    public @Nullable String database;

    @Label("Who was fenced")
    public @Nullable String who;

    @Label("How it shows")
    public @Nullable String how;

    /// Tells that `who`, a writer or compactor of `database`, has met `fence`.
    public static void tell(String database, String who, Exception fence) {
        var event = new FencedEvent();
        event.database = database;
        event.who = who;
        event.how = fence.getMessage();
        event.commit();
    }
}
