package dev.holdfast.engine;

import dev.holdfast.engine.api.Db;

/// A [Db] that can be stopped as one wants it stopped, and says how that went.
public interface HoldfastDb extends Db {}
