/// Whether a database that is overwritten for a long time ever makes a writer wait.
///
/// The load is open: each write is due at an instant of its own, and its latency counts from there,
/// so that a pause of the database is felt by every write that fell into it.
@NullMarked
package dev.holdfast.bench.stall;

import org.jspecify.annotations.NullMarked;
