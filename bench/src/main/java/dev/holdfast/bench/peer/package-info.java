/// What is measured side by side: one task done by one engine in a process of its own, which prints
/// one line of figures.
@NullMarked
package dev.holdfast.bench.peer;

import org.jspecify.annotations.NullMarked;
