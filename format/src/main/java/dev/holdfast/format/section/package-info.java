/// The pieces that every kind of SST is written from.
@NullMarked
package dev.holdfast.format.section;

import org.jspecify.annotations.NullMarked;
