/// Real processes: the server as its users start it, the real SlateDB, and a client that speaks
/// RESP over a plain socket.
@NullMarked
package dev.holdfast.system.process;

import org.jspecify.annotations.NullMarked;
