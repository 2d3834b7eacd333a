/// JSON, just as much of it as reports need.
@NullMarked
package dev.holdfast.lifecycle.text;

import org.jspecify.annotations.NullMarked;
