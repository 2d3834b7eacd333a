package dev.holdfast.net;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;

/// Where a listener listens, and what it grants each connection.
///
/// @param host the address to bind; a name or a literal
/// @param port the port to bind; 0 for any that is free
/// @param connectionsMax more are told `refusal` and closed
/// @param refusal what a connection over the limit is told
/// @param buffers what each connection may hold in memory
public record ListenerOptions(
        String host, int port, int connectionsMax, Bytes refusal, Buffers buffers) {

    /// Bounds of what one connection may hold.
    ///
    /// @param input bytes received and not yet read, before the peer is held back
    /// @param output bytes written and not yet sent, before the writer is held back
    public record Buffers(ByteSize input, ByteSize output) {}

    public ListenerOptions {
        require(0 <= port && port <= 65535, "port out of range: %d", port);
        require(0 < connectionsMax, "connectionsMax must be positive: %d", connectionsMax);
    }

    ByteSize inputMax() {
        return buffers.input();
    }

    ByteSize outputMax() {
        return buffers.output();
    }
}
