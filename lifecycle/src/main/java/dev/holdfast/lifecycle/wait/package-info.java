/// The one state word of a scope, the tokens that read it, and the one way to wait.
///
/// Every wait has a deadline, a named resource and a named waker, ends in a value, and can be
/// listed while it lasts. Nothing here knows what is stopped or in which order.
@NullMarked
package dev.holdfast.lifecycle.wait;

import org.jspecify.annotations.NullMarked;
