/// The files of this machine as code above sees them: one tree of directories ([Disk]) and the
/// files in it ([DiskFile]).
///
/// Handed in by constructor as [dev.holdfast.base.Env] is, so that a simulator can put a disk in
/// its place that loses power, fills up and forgets. What is promised is what a disk promises: no
/// more is durable than what was forced.
@NullMarked
package dev.holdfast.base.file;

import org.jspecify.annotations.NullMarked;
