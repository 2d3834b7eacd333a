/// What a stop under load leaves of all kinds of values.
@NullMarked
package dev.holdfast.system.stop;

import org.jspecify.annotations.NullMarked;
