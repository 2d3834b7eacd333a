/// Removing objects that nothing needs any more, and never one that something may.
@NullMarked
package dev.holdfast.engine.gc;

import org.jspecify.annotations.NullMarked;
