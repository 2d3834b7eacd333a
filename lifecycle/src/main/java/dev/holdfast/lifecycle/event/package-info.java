/// What the kernel tells a Java Flight Recorder.
@NullMarked
package dev.holdfast.lifecycle.event;

import org.jspecify.annotations.NullMarked;
