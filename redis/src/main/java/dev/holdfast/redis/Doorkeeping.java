package dev.holdfast.redis;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.Doorkeeper;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.pubsub.Channels;
import dev.holdfast.redis.server.Clients;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Sends clients away who listen to what their user may not hear any more, or whose user is gone,
/// and ends calls that wait for what it may not have.
record Doorkeeping(Clients clients, Channels channels) implements Doorkeeper {
    @Override
    public void changed(String user, Predicate<Bytes> hears, Predicate<Bytes> hearsAll) {
        forEachOf(
                user,
                session -> {
                    if (!channels.areOnly(session, hears, hearsAll)) sendAway(session);
                    Session.Block waiting = session.block();
                    Reply objection = session.objection();
                    if (waiting != null && objection != null) waiting.end(objection);
                });
    }

    @Override
    public void removed(String user) {
        forEachOf(user, Doorkeeping::sendAway);
    }

    private void forEachOf(String user, Consumer<Session> deed) {
        for (Session session : clients.all()) if (session.user().equals(user)) deed.accept(session);
    }

    private static void sendAway(Session session) {
        session.disown();
        session.peer().kill();
    }
}
