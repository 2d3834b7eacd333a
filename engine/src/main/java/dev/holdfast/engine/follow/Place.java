package dev.holdfast.engine.follow;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;

/// Where the database lies that is read, and what its reader runs on.
///
/// @param root its path, empty for the store's root
/// @param patience the longest that opening takes
/// @param filters that are known
public record Place(
        ObjectStore store,
        String root,
        ReaderSettings settings,
        Sealing sealing,
        Env env,
        BlockCache cache,
        Duration patience,
        FilterChoice filters) {}
