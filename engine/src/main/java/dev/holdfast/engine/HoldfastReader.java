package dev.holdfast.engine;

import dev.holdfast.engine.api.DbReader;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import java.time.Duration;

/// A [DbReader] that can be stopped as one wants it stopped, and says how that went.
///
/// ```java
/// try (HoldfastReader reader = Engine.openReader(store, "db", ReaderSettings.latest())) {
///     Bytes apple = reader.get(Bytes.utf8("fruit/apple"));
/// }
/// ```
public interface HoldfastReader extends DbReader {
    /// The scope that the reader runs in: already started, to be nested in that of a service.
    Scope scope();

    /// Stops in order, within `budget`, whatever the store does: calls under way end, and a
    /// checkpoint of its own is given up. A second call joins the first and returns the same
    /// report.
    ShutdownReport shutdown(Mode mode, Duration budget);
}
