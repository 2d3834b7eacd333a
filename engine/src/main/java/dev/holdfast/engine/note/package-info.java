/// What is written down in the store of ingests, whose rows the log does not have: for whoever
/// walks along the log.
@NullMarked
package dev.holdfast.engine.note;

import org.jspecify.annotations.NullMarked;
