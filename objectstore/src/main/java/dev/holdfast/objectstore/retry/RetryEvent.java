package dev.holdfast.objectstore.retry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// The pause before a call to a store is repeated.
@Name("dev.holdfast.StoreRetry")
@Label("Store retry")
@Description("A call to the store was not answered, and is repeated after this pause")
@Category({"Holdfast", "Store"})
@StackTrace(false)
final class RetryEvent extends Event {
    @Label("Call")
    @Nullable String call;

    @Label("Object")
    @Nullable String object;

    @Label("Attempts so far")
    int attempts;

    @Label("Reason")
    @Nullable String reason;

    @Label("Cause")
    @Nullable String cause;
}
