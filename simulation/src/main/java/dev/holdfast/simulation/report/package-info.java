/// What long runs have shown, kept where the documentation quotes it.
@NullMarked
package dev.holdfast.simulation.report;

import org.jspecify.annotations.NullMarked;
