/// The command line as a whole, and the verbs that are about a server or the program.
@NullMarked
package dev.holdfast.app.verb;

import org.jspecify.annotations.NullMarked;
