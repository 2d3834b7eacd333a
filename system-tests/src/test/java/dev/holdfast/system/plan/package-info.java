/// The floor plan as a test: who may know whom.
@NullMarked
package dev.holdfast.system.plan;

import org.jspecify.annotations.NullMarked;
