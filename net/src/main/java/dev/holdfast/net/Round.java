package dev.holdfast.net;

import io.netty.channel.EventLoop;

/// One look of an event loop at all of its sockets: it ends once what was ready has been read. Of
/// the loop's own thread.
final class Round {
    private final EventLoop loop;
    private final SendQueue sends;
    private boolean isOn;

    Round(EventLoop loop) {
        this.loop = loop;
        sends = new SendQueue(loop);
    }

    /// What the loop is to send; from any thread.
    SendQueue sends() {
        return sends;
    }

    /// Something came for `standIn`. It is told once nothing else comes in this round.
    void came(StandIn standIn) {
        standIn.came();
        if (isOn) return;
        isOn = true;
        // What a loop is given to do it does after it has read all that was ready.
        loop.execute(() -> {
            isOn = false;
            standIn.allCame();
        });
    }
}
