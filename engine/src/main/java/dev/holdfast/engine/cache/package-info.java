/// Decoded blocks of tables, kept in memory within a budget.
@NullMarked
package dev.holdfast.engine.cache;

import org.jspecify.annotations.NullMarked;
