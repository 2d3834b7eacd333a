/// Blocks of version 1: read only.
@NullMarked
package dev.holdfast.format.block.v1;

import org.jspecify.annotations.NullMarked;
