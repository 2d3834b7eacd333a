/// From bytes to commands and back: connections, the order of their replies, and what those wait
/// for.
@NullMarked
package dev.holdfast.redis.dispatch;

import org.jspecify.annotations.NullMarked;
