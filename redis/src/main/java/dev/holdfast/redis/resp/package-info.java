/// The Redis protocol as bytes: requests in, replies out, versions 2 and 3.
///
/// It knows neither commands nor connections.
@NullMarked
package dev.holdfast.redis.resp;

import org.jspecify.annotations.NullMarked;
