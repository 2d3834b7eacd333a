/// Scripts in Lua that run inside the server, as Redis 7.0 runs them: one script is one run of the
/// keyspace, whatever it calls.
@NullMarked
package dev.holdfast.redis.script;

import org.jspecify.annotations.NullMarked;
