/// How the program speaks to a person: exit codes, one-line errors, escaped text, JSON.
@NullMarked
package dev.holdfast.app.console;

import org.jspecify.annotations.NullMarked;
