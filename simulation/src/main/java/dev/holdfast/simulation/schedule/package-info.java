/// One thread at a time: who runs next, virtual time, and the inside of JDK 25's virtual threads.
///
/// Start reading at `Scheduler`.
@NullMarked
package dev.holdfast.simulation.schedule;

import org.jspecify.annotations.NullMarked;
