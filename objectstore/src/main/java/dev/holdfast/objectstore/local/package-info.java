/// Objects as plain files below a directory, safe against crashes and against other processes.
///
/// The one package outside the front door that touches files. Whatever it writes is laid out as
/// SlateDB's own local store lays it out, so that either can use the other's directory.
@NullMarked
package dev.holdfast.objectstore.local;

import org.jspecify.annotations.NullMarked;
