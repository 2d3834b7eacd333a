/// What a compactor and its workers write for each other: orders, claims, results.
///
/// Papers of our own, below `workers/`, where no other engine looks.
@NullMarked
package dev.holdfast.format.work;

import org.jspecify.annotations.NullMarked;
