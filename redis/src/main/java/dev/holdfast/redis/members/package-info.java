/// What the commands of several families share: the cursor of a scan, a draw of members, a sum as C
/// computes it.
@NullMarked
package dev.holdfast.redis.members;

import org.jspecify.annotations.NullMarked;
