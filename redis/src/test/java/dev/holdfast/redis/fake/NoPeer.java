package dev.holdfast.redis.fake;

import dev.holdfast.redis.command.Peer;

/// The far end of a session without a connection.
public record NoPeer() implements Peer {
    @Override
    public String remoteAddress() {
        return "";
    }

    @Override
    public String localAddress() {
        return "";
    }

    @Override
    public long inputBytes() {
        return 0;
    }

    @Override
    public long outputBytes() {
        return 0;
    }

    @Override
    public void wake() {}

    @Override
    public void kill() {}
}
