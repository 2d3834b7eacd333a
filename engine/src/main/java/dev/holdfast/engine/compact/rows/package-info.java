/// What an application and open snapshots have to say on the rows of a compaction.
///
/// Rows in, rows out: nothing here knows where they come from or where they go.
@NullMarked
package dev.holdfast.engine.compact.rows;

import org.jspecify.annotations.NullMarked;
