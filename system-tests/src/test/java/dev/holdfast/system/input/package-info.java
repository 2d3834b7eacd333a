/// Public data of a size that matters, through the front door.
@NullMarked
package dev.holdfast.system.input;

import org.jspecify.annotations.NullMarked;
