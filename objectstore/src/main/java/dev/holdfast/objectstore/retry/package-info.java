/// Patience with a store that does not answer, without ever losing or inventing an outcome.
@NullMarked
package dev.holdfast.objectstore.retry;

import org.jspecify.annotations.NullMarked;
