/// Messages from clients to clients, and the events of keys that are told as such.
@NullMarked
package dev.holdfast.redis.pubsub;

import org.jspecify.annotations.NullMarked;
