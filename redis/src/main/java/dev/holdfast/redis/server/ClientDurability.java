package dev.holdfast.redis.server;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;

/// `CLIENT DURABILITY [level]`: what the replies to one connection wait for. Others need not care:
/// each waits for its own level of all that its replies tell of, whoever wrote it.
final class ClientDurability {
    private final ServerConfig config;

    ClientDurability(ServerConfig config) {
        this.config = config;
    }

    SessionCommand parse(Words words) {
        if (words.count() == 0) return this::show;
        if (1 < words.count()) throw new RespError(RespError.SYNTAX);
        if (words.is(0, "DEFAULT"))
            return session -> {
                session.usualDurability();
                return Reply.OK;
            };
        for (Durability level : Durability.values())
            if (words.is(0, level.name())) return session -> choose(session, level);
        throw new RespError(RespError.SYNTAX);
    }

    private Reply show(Session session) {
        return Reply.bulk(ServerConfig.wordOf(config.durability(session.durability())));
    }

    private Reply choose(Session session, Durability level) {
        Durability least = config.durabilityMin();
        if (level.compareTo(least) < 0)
            throw new RespError(
                    "ERR this server lets no client go below durability "
                            + ServerConfig.wordOf(least)
                            + " (client-durability-min)");
        session.durability(level);
        return Reply.OK;
    }
}
