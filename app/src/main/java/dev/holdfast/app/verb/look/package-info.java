/// The verbs that look at a database: they write nothing and fence nobody.
@NullMarked
package dev.holdfast.app.verb.look;

import org.jspecify.annotations.NullMarked;
