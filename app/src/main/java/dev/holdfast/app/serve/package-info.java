/// The server as a whole: its settings, its parts, their order of start and stop.
@NullMarked
package dev.holdfast.app.serve;

import org.jspecify.annotations.NullMarked;
