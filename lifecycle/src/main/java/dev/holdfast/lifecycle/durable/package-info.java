/// The type of positions that are safe on disk or in the store.
///
/// Exported only to the modules that complete fsyncs and PUTs, so that nobody else can mint one.
@NullMarked
package dev.holdfast.lifecycle.durable;

import org.jspecify.annotations.NullMarked;
