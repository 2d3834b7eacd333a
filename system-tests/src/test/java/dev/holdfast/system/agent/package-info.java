/// An agent that has one method of a real program throw on demand. It runs inside that program.
@NullMarked
package dev.holdfast.system.agent;

import org.jspecify.annotations.NullMarked;
