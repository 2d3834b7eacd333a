/// The log on the local disk, in front of the one in the object store: what was forced here is
/// durable on this machine, and the object store follows.
///
/// It knows commits as encoded rows, files and epochs. It never knows memtables or tables.
@NullMarked
package dev.holdfast.engine.tier;

import org.jspecify.annotations.NullMarked;
