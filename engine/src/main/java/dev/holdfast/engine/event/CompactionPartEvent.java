package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// One thread at work on one range of keys of a compaction.
@Name("dev.holdfast.CompactionPart")
@Label("Part of a compaction")
@Description("One thread worked on one range of keys")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class CompactionPartEvent extends Event {
    @Label("Compaction")
    public @Nullable String id;

    @Label("Part")
    public int part;

    @Label("Rows read")
    public long rowsRead;

    @Label("Tables written")
    public int tablesWritten;

    @DataAmount
    @Label("Bytes written")
    public long bytesWritten;

    @Label("Outcome")
    public @Nullable String outcome;
}
