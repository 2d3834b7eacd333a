/// HyperLogLogs, which are strings of the bytes that Redis would write, and the commands on them.
@NullMarked
package dev.holdfast.redis.hyperloglogs;

import org.jspecify.annotations.NullMarked;
