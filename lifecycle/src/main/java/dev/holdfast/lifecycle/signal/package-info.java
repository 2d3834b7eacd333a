/// The operating system's side of a stop: signals, the service manager, the halt.
@NullMarked
package dev.holdfast.lifecycle.signal;

import org.jspecify.annotations.NullMarked;
