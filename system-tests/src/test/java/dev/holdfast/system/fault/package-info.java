/// Single faults of the matrix on the real program: its machine, its clock, its store and its
/// neighbours go wrong.
@NullMarked
package dev.holdfast.system.fault;

import org.jspecify.annotations.NullMarked;
