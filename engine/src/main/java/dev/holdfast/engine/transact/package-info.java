/// Transactions: a moment to read, writes of one's own on top, and the question at the commit
/// whether what was read still holds.
///
/// Start reading at `Transactions`. Nothing here waits for another transaction: who is late begins
/// anew.
@NullMarked
package dev.holdfast.engine.transact;

import org.jspecify.annotations.NullMarked;
