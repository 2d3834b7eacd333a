/// The table of faults, compared with the tests that say they cover it.
@NullMarked
package dev.holdfast.system.matrix;

import org.jspecify.annotations.NullMarked;
