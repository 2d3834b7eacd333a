package dev.holdfast.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// A memtable on its way into L0: from the wait for its log until the manifest names its table.
@Name("dev.holdfast.Flush")
@Label("Flush to L0")
@Description("A memtable became a table of L0 that the manifest names")
@Category({"Holdfast", "Engine"})
@StackTrace(false)
public final class FlushEvent extends Event {
    @Label("Database")
    public @Nullable String database;

    @Label("Table")
    public @Nullable String table;

    @DataAmount
    @Label("Bytes in memory")
    public long memtableBytes;

    @DataAmount
    @Label("Bytes of the table")
    public long tableBytes;

    @Label("Last commit in it")
    public long lastSeq;

    @Label("Attempts")
    public int attempts;
}
