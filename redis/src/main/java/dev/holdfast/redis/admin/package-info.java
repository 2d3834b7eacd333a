/// The commands that people call to look at the server and to try it out, and those that it must
/// refuse.
@NullMarked
package dev.holdfast.redis.admin;

import org.jspecify.annotations.NullMarked;
