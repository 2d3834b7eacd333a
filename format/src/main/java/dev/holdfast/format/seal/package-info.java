/// What is done to the sections of a file after compression, and undone before it: the hook by
/// which they are encrypted. Knows no cipher.
@NullMarked
package dev.holdfast.format.seal;

import org.jspecify.annotations.NullMarked;
