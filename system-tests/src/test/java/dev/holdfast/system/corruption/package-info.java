/// Damaged files, and what a user sees of them.
@NullMarked
package dev.holdfast.system.corruption;

import org.jspecify.annotations.NullMarked;
