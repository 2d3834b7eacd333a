/// The libraries that scripts find: those of Lua 5.1 as far as Redis shows them, and `cjson`,
/// `cmsgpack`, `struct` and `bit`.
@NullMarked
package dev.holdfast.redis.script.library;

import org.jspecify.annotations.NullMarked;
