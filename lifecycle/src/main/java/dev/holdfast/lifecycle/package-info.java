/// The kernel: scopes of components that start in order and stop in order.
@NullMarked
package dev.holdfast.lifecycle;

import org.jspecify.annotations.NullMarked;
