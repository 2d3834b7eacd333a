/// What runs tell to those who did not call them: which keys changed, and what happened to them.
@NullMarked
package dev.holdfast.redis.signal;

import org.jspecify.annotations.NullMarked;
