/// The commands on the connection and the server, and the state that they show and change.
@NullMarked
package dev.holdfast.redis.server;

import org.jspecify.annotations.NullMarked;
