/// What clients do with transactions of the engine, and what they note of it for the judges: the
/// same in a simulated world and in a real process.
///
/// Start reading at `TransactionClient`.
@NullMarked
package dev.holdfast.simulation.transact;

import org.jspecify.annotations.NullMarked;
