/// SORT, which knows all types: it sorts lists, sets and sorted sets by what strings and hashes
/// hold.
@NullMarked
package dev.holdfast.redis.sorting;

import org.jspecify.annotations.NullMarked;
