/// Tables on the object store: written once, read block by block.
///
/// Knows the bytes of a table only through the format, and never which tables are current.
@NullMarked
package dev.holdfast.engine.table;

import org.jspecify.annotations.NullMarked;
