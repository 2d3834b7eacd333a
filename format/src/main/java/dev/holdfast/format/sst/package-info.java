/// Sorted string tables: written in one pass, read section by section, and verified whole.
@NullMarked
package dev.holdfast.format.sst;

import org.jspecify.annotations.NullMarked;
