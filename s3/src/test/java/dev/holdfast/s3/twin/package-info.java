/// A server that speaks enough of S3 over real sockets, keeps its promises atomically, and
/// misbehaves on demand.
@NullMarked
package dev.holdfast.s3.twin;

import org.jspecify.annotations.NullMarked;
