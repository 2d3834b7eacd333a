/// Users, what each of them may do, and what became of those who tried to do more.
///
/// What commands there are, which keys and channels a call names, and to which categories it
/// belongs, is read from the one table of commands.
@NullMarked
package dev.holdfast.redis.acl;

import org.jspecify.annotations.NullMarked;
