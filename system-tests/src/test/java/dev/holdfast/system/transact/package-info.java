/// Transactions of a real process that is killed.
@NullMarked
package dev.holdfast.system.transact;

import org.jspecify.annotations.NullMarked;
