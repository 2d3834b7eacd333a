/// What the stall measurement would notice.
@NullMarked
package dev.holdfast.bench.stall;

import org.jspecify.annotations.NullMarked;
