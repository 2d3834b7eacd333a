/// The server beside Redis, as clients see it: the same load, in turns, on one machine.
@NullMarked
package dev.holdfast.bench.redis;

import org.jspecify.annotations.NullMarked;
