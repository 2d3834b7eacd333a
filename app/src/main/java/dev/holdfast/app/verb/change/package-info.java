/// The verbs that change a database, or copy it.
@NullMarked
package dev.holdfast.app.verb.change;

import org.jspecify.annotations.NullMarked;
