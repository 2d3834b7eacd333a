/// The smallest words of the format: integers, checksums, FlatBuffers, and the error for bytes that
/// are wrong.
@NullMarked
package dev.holdfast.format.wire;

import org.jspecify.annotations.NullMarked;
