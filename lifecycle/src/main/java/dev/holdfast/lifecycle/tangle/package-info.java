/// Who waits for whom, where threads stand, and what does not move.
@NullMarked
package dev.holdfast.lifecycle.tangle;

import org.jspecify.annotations.NullMarked;
