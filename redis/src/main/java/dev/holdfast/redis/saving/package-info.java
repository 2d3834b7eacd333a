/// Points of the data that are kept by name because somebody asked for a save.
@NullMarked
package dev.holdfast.redis.saving;

import org.jspecify.annotations.NullMarked;
