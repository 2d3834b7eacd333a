/// Commands on lists, and those that wait for a list to have elements.
@NullMarked
package dev.holdfast.redis.lists;

import org.jspecify.annotations.NullMarked;
