/// The page that sets Holdfast beside SlateDB, and the test that keeps it honest.
@NullMarked
package dev.holdfast.system.parity;

import org.jspecify.annotations.NullMarked;
