/// The words of the engine: what a caller holds, passes in, and gets back.
@NullMarked
package dev.holdfast.engine.api;

import org.jspecify.annotations.NullMarked;
