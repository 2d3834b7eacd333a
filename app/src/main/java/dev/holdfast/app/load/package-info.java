/// Bulk load: from lines of a file to batches of rows, with bounded memory and an honest summary.
@NullMarked
package dev.holdfast.app.load;

import org.jspecify.annotations.NullMarked;
