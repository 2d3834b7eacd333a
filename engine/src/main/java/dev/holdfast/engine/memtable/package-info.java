/// The newest writes, in memory, in key order.
///
/// Knows nothing of logs, tables or the store: whoever owns a memtable says what becomes of it.
@NullMarked
package dev.holdfast.engine.memtable;

import org.jspecify.annotations.NullMarked;
