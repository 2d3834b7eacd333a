/// The filters of tables: which are made, what those of one table say, and how often they do.
@NullMarked
package dev.holdfast.engine.filter;

import org.jspecify.annotations.NullMarked;
