/// The parameters of Redis that mean nothing here, and what becomes of them.
@NullMarked
package dev.holdfast.redis.config;

import org.jspecify.annotations.NullMarked;
