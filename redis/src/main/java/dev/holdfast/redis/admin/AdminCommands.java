package dev.holdfast.redis.admin;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.saving.SaveCommands;
import dev.holdfast.redis.server.ConnectionCommands;
import dev.holdfast.redis.server.ServerConfig.Origin;
import dev.holdfast.redis.server.ServerParts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The commands of this room, and those on saves.
public final class AdminCommands {
    private final Env env;
    private final ServerParts parts;
    private final AtomicBoolean expires;

    /// @param expires whether keys whose time is over are removed before somebody asks for them
    public AdminCommands(Env env, ServerParts parts, AtomicBoolean expires) {
        this.env = env;
        this.parts = parts;
        this.expires = expires;
    }

    /// All of them.
    public List<Syntax> all() {
        ServerParts.Store store = parts.store();
        List<Syntax> all = new ArrayList<>(new SaveCommands(store.saves()).all());
        all.addAll(new ReplicationCommands(store.db(), env, parts.config()::durabilityMax).all());
        all.addAll(RefusedCommands.all());
        all.add(new DebugCommand(env, store.db(), expires, this::mayDebug).syntax());
        all.add(new LolwutCommand(env, ConnectionCommands.REDIS_VERSION).syntax());
        all.add(new MemoryCommands(this::memory).syntax());
        return all;
    }

    private boolean mayDebug(Session session) {
        String remote = session.peer().remoteAddress();
        boolean isHere = remote.startsWith("127.") || remote.startsWith("[::1]");
        return parts.config().allowsDebug(isHere ? Origin.HERE : Origin.ELSEWHERE);
    }

    private MemoryFigures memory() {
        long keys = 0;
        for (int i = 0; i < Keyspaces.COUNT; i++) keys += keys(i);
        return MemoryFigures.now(parts.store().db().stats(), keys);
    }

    private long keys(int database) {
        try {
            return parts.store().keyspaces().keyCount(database).keys();
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new StorageException.Unavailable("interrupted while counting keys", cut);
        }
    }
}
