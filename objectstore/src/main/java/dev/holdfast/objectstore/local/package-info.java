/// Objects as plain files below a directory, safe against crashes and against other processes.
///
/// It touches files through [dev.holdfast.base.file.Disk] alone, so that a simulated disk can stand
/// in. Whatever it writes is laid out as SlateDB's own local store lays it out, so that either can
/// use the other's directory.
@NullMarked
package dev.holdfast.objectstore.local;

import org.jspecify.annotations.NullMarked;
