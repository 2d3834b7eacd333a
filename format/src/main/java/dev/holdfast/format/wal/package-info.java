/// Objects of the write-ahead log: rows in the order of their writing, and fences.
@NullMarked
package dev.holdfast.format.wal;

import org.jspecify.annotations.NullMarked;
