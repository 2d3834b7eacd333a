/// Values that come from another Redis or go to one: DUMP and RESTORE, and whole databases from and
/// to snapshots.
@NullMarked
package dev.holdfast.redis.transfer;

import org.jspecify.annotations.NullMarked;
