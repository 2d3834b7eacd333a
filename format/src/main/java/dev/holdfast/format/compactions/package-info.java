/// The list of compactions that run, and of the last one that ended.
@NullMarked
package dev.holdfast.format.compactions;

import org.jspecify.annotations.NullMarked;
