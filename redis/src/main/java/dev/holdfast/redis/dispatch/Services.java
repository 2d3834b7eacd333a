package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import dev.holdfast.redis.server.ConnectionCommands;
import dev.holdfast.redis.server.ServerParts;

/// What every connection works with.
public record Services(
        Env env,
        Dispatcher dispatcher,
        Durables durables,
        ConnectionCommands connectionCommands,
        ServerParts parts) {}
