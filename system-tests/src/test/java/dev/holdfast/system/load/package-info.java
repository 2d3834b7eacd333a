/// Load on a real server, with a record outside of it: what was sent, what was acknowledged, and
/// what may be found after a crash.
@NullMarked
package dev.holdfast.system.load;

import org.jspecify.annotations.NullMarked;
