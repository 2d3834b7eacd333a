package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// A compaction, from its beginning in this process until it was published or given up.
@Name("dev.holdfast.Compaction")
@Label("Compaction")
@Description("A compaction, from its beginning until it was published or given up")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class CompactionEvent extends Event {
    @Label("Database")
    public @Nullable String database;

    @Label("Compaction")
    public @Nullable String id;

    @Label("Tables of L0")
    public int l0Tables;

    @Label("Sorted runs merged")
    public @Nullable String sourceRuns;

    @Label("Sorted run made")
    public long destination;

    @DataAmount
    @Label("Bytes of the sources")
    public long bytesRead;

    @DataAmount
    @Label("Bytes written")
    public long bytesWritten;

    @Label("Tables written")
    public int tablesWritten;

    @Label("Rows read")
    public long rowsRead;

    @Label("Attempts")
    public int attempts;

    @Label("Outcome")
    public @Nullable String outcome;
}
