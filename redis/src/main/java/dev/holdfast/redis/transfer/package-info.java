/// Values that come from another Redis or go to one: how they are made of the parts of a snapshot
/// and taken apart into these; DUMP, RESTORE and MIGRATE.
@NullMarked
package dev.holdfast.redis.transfer;

import org.jspecify.annotations.NullMarked;
