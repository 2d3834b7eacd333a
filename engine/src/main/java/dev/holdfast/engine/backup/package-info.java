/// Copying a database to another place, whole, while it is written; and telling what its keys still
/// stand on.
@NullMarked
package dev.holdfast.engine.backup;

import org.jspecify.annotations.NullMarked;
