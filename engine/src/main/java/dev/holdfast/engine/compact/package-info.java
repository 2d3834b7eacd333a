/// Making few large tables out of many small ones, without losing a row that anybody needs.
///
/// What to compact is decided by pure functions ([dev.holdfast.engine.compact.CompactionPolicy]);
/// what a row's fate is, too ([dev.holdfast.engine.compact.RetainedRows]). Reading, writing and
/// publishing stand around them.
@NullMarked
package dev.holdfast.engine.compact;

import org.jspecify.annotations.NullMarked;
