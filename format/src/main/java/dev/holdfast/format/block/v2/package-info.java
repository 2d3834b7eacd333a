/// Blocks of version 2: written and read.
@NullMarked
package dev.holdfast.format.block.v2;

import org.jspecify.annotations.NullMarked;
