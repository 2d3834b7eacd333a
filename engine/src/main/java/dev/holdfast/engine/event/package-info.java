/// What the engine tells a Java Flight Recorder: events whose names begin with `dev.holdfast.`.
///
/// While nothing records them, none is kept and no clock is read.
@NullMarked
package dev.holdfast.engine.event;

import org.jspecify.annotations.NullMarked;
