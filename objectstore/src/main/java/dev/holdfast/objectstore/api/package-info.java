/// What every object store offers, and the outcomes that a caller must tell apart.
@NullMarked
package dev.holdfast.objectstore.api;

import org.jspecify.annotations.NullMarked;
