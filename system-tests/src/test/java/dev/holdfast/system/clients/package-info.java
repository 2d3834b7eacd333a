/// What real Redis clients see.
@NullMarked
package dev.holdfast.system.clients;

import org.jspecify.annotations.NullMarked;
