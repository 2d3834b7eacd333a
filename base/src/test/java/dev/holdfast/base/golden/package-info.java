/// Files that were once written, and a world in which they are written alike.
@NullMarked
package dev.holdfast.base.golden;

import org.jspecify.annotations.NullMarked;
