/// Random calls, answered by this server and by a real Redis, reply by reply.
@NullMarked
package dev.holdfast.redis.differential;

import org.jspecify.annotations.NullMarked;
