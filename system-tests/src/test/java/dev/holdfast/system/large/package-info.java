/// Values far larger than the memory of the server that holds them.
@NullMarked
package dev.holdfast.system.large;

import org.jspecify.annotations.NullMarked;
