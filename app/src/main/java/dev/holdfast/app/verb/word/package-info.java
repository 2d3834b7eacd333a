/// What verbs are made of: their common form, and the options that several of them take.
@NullMarked
package dev.holdfast.app.verb.word;

import org.jspecify.annotations.NullMarked;
