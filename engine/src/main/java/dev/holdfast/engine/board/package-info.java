/// The objects below `workers/`, through which a compactor and its workers find each other.
///
/// Nothing here decides anything: what a paper is worth is its reader's to say.
@NullMarked
package dev.holdfast.engine.board;

import org.jspecify.annotations.NullMarked;
