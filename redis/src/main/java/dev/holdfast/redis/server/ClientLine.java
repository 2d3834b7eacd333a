package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Peer;
import dev.holdfast.redis.command.Session;
import java.util.concurrent.TimeUnit;

/// A session in one line, as CLIENT LIST shows it.
public final class ClientLine {
    private ClientLine() {}

    /// The line, with its end.
    public static String of(Session session, long nowNanos) {
        Peer peer = session.peer();
        long output = peer.outputBytes();
        long input = peer.inputBytes();
        return "id="
                + session.id()
                + " addr="
                + peer.remoteAddress()
                + " laddr="
                + peer.localAddress()
                + " fd=-1 name="
                + session.name().toUtf8()
                + " age="
                + seconds(nowNanos - session.startedNanos())
                + " idle="
                + seconds(nowNanos - session.activeNanos())
                + " flags="
                + flags(session)
                + " db="
                + session.database()
                + " sub="
                + session.subscriptions().channels()
                + " psub="
                + session.subscriptions().patterns()
                + " ssub="
                + session.subscriptions().shardChannels()
                + " multi="
                + session.transaction().size()
                + " qbuf="
                + input
                + " qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll="
                + (output == 0 ? 0 : 1)
                + " omem="
                + output
                + " tot-mem="
                + (input + output)
                + " events=r cmd="
                + session.lastCommand()
                + " user="
                + session.user()
                + " redir="
                + session.standing().redirect()
                + " resp="
                + session.protocol().number()
                + " lib-name="
                + session.libraryName().toUtf8()
                + " lib-ver="
                + session.libraryVersion().toUtf8()
                + "\n";
    }

    private static String flags(Session session) {
        String flags =
                (session.subscriptions().any() ? "P" : "")
                        + session.standing().flags()
                        + (session.transaction().isOpen() ? "x" : "")
                        + (session.block() != null ? "b" : "")
                        + (session.ending() == Session.Ending.NONE ? "" : "c")
                        + (session.isEvictable() ? "" : "e")
                        + (session.isTouching() ? "" : "T");
        return flags.isEmpty() ? "N" : flags;
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, nanos));
    }
}
