/// All that one read may see: an immutable set of memtables and tables, and what was read of it.
@NullMarked
package dev.holdfast.engine.view;

import org.jspecify.annotations.NullMarked;
