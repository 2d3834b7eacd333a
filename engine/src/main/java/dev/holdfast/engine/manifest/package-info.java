/// The truth of a database: numbered manifests, replaced one by one by conditional create.
///
/// The only lock of a database stands here. What a manifest may name arrives as
/// [dev.holdfast.lifecycle.durable.Durable].
@NullMarked
package dev.holdfast.engine.manifest;

import org.jspecify.annotations.NullMarked;
