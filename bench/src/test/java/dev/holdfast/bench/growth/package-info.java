/// Tests of the growth run.
@NullMarked
package dev.holdfast.bench.growth;

import org.jspecify.annotations.NullMarked;
