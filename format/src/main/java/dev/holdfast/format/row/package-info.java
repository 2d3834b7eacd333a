/// Rows: what they carry, and the cursor over them that every floor above shares.
@NullMarked
package dev.holdfast.format.row;

import org.jspecify.annotations.NullMarked;
