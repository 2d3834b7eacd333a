/// The verbs of the command line: what each takes, does, prints, and ends with.
@NullMarked
package dev.holdfast.app.verb;

import org.jspecify.annotations.NullMarked;
