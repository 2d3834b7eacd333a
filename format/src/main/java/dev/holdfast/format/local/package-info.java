/// The files of the log that a writer keeps on its own disk: segments of records, and the identity
/// of their directory. Described byte by byte in docs/design/local-log.md.
///
/// They are ours alone: no other engine reads them.
@NullMarked
package dev.holdfast.format.local;

import org.jspecify.annotations.NullMarked;
