/// The log: committed batches on their way to durability, their replay, and the fence that ends an
/// older writer's log.
///
/// It knows batches and objects. It never knows memtables, tables or reads.
@NullMarked
package dev.holdfast.engine.wal;

import org.jspecify.annotations.NullMarked;
