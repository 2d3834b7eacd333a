/// What the local-first tier costs, beside what the disk and the store alone cost.
@NullMarked
package dev.holdfast.bench.tier;

import org.jspecify.annotations.NullMarked;
