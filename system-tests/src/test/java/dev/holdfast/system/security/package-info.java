/// Clients, files and surroundings that mean no good, and what a real server makes of them.
@NullMarked
package dev.holdfast.system.security;

import org.jspecify.annotations.NullMarked;
