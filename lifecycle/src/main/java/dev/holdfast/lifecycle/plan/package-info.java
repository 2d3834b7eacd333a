/// Pure decisions of a stop: in which order, and how much time for each phase.
@NullMarked
package dev.holdfast.lifecycle.plan;

import org.jspecify.annotations.NullMarked;
