/// A decoded block, whichever version its bytes have.
@NullMarked
package dev.holdfast.format.block;

import org.jspecify.annotations.NullMarked;
