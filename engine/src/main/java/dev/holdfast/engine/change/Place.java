package dev.holdfast.engine.change;

import dev.holdfast.base.Env;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;

/// Where the database lies whose changes are read.
///
/// @param root its path, empty for the store's root
/// @param sealing opens log objects that are encrypted
/// @param patience the longest that opening waits, and a renewal of the lease
public record Place(ObjectStore store, String root, Sealing sealing, Env env, Duration patience) {}
