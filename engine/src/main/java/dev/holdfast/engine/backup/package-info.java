/// Copying a database to another place, whole, while it is written.
@NullMarked
package dev.holdfast.engine.backup;

import org.jspecify.annotations.NullMarked;
