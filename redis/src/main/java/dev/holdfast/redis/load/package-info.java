/// Many keys at once, past the server.
@NullMarked
package dev.holdfast.redis.load;

import org.jspecify.annotations.NullMarked;
