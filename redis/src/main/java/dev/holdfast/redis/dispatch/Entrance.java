package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.Token;

/// Where clients come in: the gate that knows every connection, and what their waits end by.
///
/// @param gate closed when a stop begins; each connection is inside by the client's name
/// @param atStart the token of the server's component
/// @param farewells of those who leave in a stop
public record Entrance(Gate gate, Token atStart, Env env, Farewells farewells) {
    Entrance(Gate gate, Token atStart, Env env) {
        this(gate, atStart, env, new Farewells(env));
    }

    /// The entrance of the component that `context` starts.
    public static Entrance of(StartContext context) {
        return new Entrance(context.gate("redis connections"), context.token(), context.env());
    }

    /// The token of the present epoch.
    Token token() {
        return atStart.renewed();
    }
}
