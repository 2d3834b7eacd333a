/// The engine beside its peers: the same tasks, in processes of their own, in turns.
@NullMarked
package dev.holdfast.bench.engine;

import org.jspecify.annotations.NullMarked;
