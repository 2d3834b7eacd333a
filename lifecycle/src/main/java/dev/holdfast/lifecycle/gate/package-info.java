/// What stands at the entrance of a component: gates that know who is inside, and mailboxes that
/// can be sealed.
@NullMarked
package dev.holdfast.lifecycle.gate;

import org.jspecify.annotations.NullMarked;
