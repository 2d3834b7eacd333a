/// The compiler of Lua 5.1: source in, compiled functions out, in one pass.
@NullMarked
package dev.holdfast.redis.script.parse;

import org.jspecify.annotations.NullMarked;
