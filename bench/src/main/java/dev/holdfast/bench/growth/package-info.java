/// What an operation costs as a database grows.
@NullMarked
package dev.holdfast.bench.growth;

import org.jspecify.annotations.NullMarked;
