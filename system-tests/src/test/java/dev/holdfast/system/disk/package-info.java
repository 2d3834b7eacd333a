/// What stands on a local disk, on real file systems of loop devices that fill up, fail and lose
/// power.
@NullMarked
package dev.holdfast.system.disk;

import org.jspecify.annotations.NullMarked;
