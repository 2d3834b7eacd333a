/// Lua 5.1: its values, and the machine that runs compiled functions.
///
/// Nothing here knows Redis. The stack of a script lies in arrays of the machine, not on the stack
/// of the thread, so that depth, memory and time of a script are bounded by counts.
@NullMarked
package dev.holdfast.redis.script.lua;

import org.jspecify.annotations.NullMarked;
