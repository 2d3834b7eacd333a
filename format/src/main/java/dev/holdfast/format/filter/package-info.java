/// Filters over the keys of a table: Bloom filters, alone or beside others under names.
@NullMarked
package dev.holdfast.format.filter;

import org.jspecify.annotations.NullMarked;
