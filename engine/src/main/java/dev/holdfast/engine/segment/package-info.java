/// What is written of a database that is cut into segments.
@NullMarked
package dev.holdfast.engine.segment;

import org.jspecify.annotations.NullMarked;
