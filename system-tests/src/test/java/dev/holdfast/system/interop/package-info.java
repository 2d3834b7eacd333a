/// Holdfast and the real SlateDB on the same databases.
@NullMarked
package dev.holdfast.system.interop;

import org.jspecify.annotations.NullMarked;
