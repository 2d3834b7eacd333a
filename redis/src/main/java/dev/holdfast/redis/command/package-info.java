/// The words of a command: its syntax, its arguments, its reply, the table of all.
@NullMarked
package dev.holdfast.redis.command;

import org.jspecify.annotations.NullMarked;
