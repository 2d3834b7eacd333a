package dev.holdfast.redis;

import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.redis.acl.AclCommands;
import dev.holdfast.redis.acl.AclFile;
import dev.holdfast.redis.acl.AclLog;
import dev.holdfast.redis.acl.Doorkeeper;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.acl.Users;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.server.ClientLine;
import dev.holdfast.redis.server.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Who may do what in this server: its users, and all that asks for them.
///
/// The commands come first, then the users whose rules are about them.
final class Access {
    private static final String TWO_SOURCES =
            "ERR Configuring users by `user` and at the same time by `aclfile` is not possible: use"
                    + " one of them";

    private final ServerConfig config;
    private final Doorkeeper doorkeeper;
    private final @Nullable AclFile file;
    private final AtomicReference<Users> users = new AtomicReference<>();
    private final Guard guard;
    private final AclCommands commands;

    Access(ServerConfig config, Doorkeeper doorkeeper, Env env) {
        this.config = config;
        this.doorkeeper = doorkeeper;
        String path = config.aclFile();
        file = path.isEmpty() ? null : new AclFile(Disk.system(), Path.of(path));
        var log = new AclLog(env, config::aclLogMax);
        guard = new Guard(users::get, log, session -> describe(session, env));
        commands = new AclCommands(users::get, log, file, env);
    }

    private static String describe(Session session, Env env) {
        return ClientLine.of(session, env.nanoTime()).strip();
    }

    /// Makes the users there are at the start. Throws `RespError` if what was given is wrong.
    ///
    /// @param lines that make users, as in a file of them
    void begin(CommandTable table, List<String> lines) {
        var made = new Users(table, config::hearsAllAtFirst, doorkeeper);
        users.set(made);
        config.applies(Set.of("requirepass"), () -> made.defaultPassword(config.password()));
        if (file != null && !lines.isEmpty()) throw new RespError(TWO_SOURCES);
        if (file == null) made.addAll(lines);
        else commands.load();
    }

    Guard guard() {
        return guard;
    }

    AclCommands commands() {
        return commands;
    }

    boolean isUser(String name) {
        return users.get().isUser(name);
    }
}
