package dev.holdfast.redis.admin;

import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;

/// `LOLWUT [VERSION version [arguments]]`: waves, and the version.
public final class LolwutCommand {
    private static final int COLUMNS = 64;
    private static final int ROWS = 8;
    private static final String WATER = " .-~=";

    private final Env env;
    private final String version;

    /// @param version of Redis whose behaviour is promised
    public LolwutCommand(Env env, String version) {
        this.env = env;
        this.version = version;
    }

    /// The command.
    public Syntax syntax() {
        return Syntax.read("LOLWUT", -1, this::parse)
                .flags(Flag.FAST)
                .docs(
                        Group.SERVER,
                        "5.0.0",
                        "",
                        "Display some computer art and the Redis version",
                        "[VERSION version]");
    }

    private SessionCommand parse(Words words) {
        if (words.is(0, "VERSION") && 1 < words.count())
            for (int i = 1; i < words.count(); i++) words.integer(i);
        else if (words.count() != 0 && !words.is(0, "VERSION"))
            throw new RespError(RespError.SYNTAX);
        return _ -> Reply.verbatim(waves() + "\nHold fast. Redis ver. " + version + "\n");
    }

    private String waves() {
        double phase = Math.floorMod(env.randomLong(), 628) / 100.0;
        var page = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                double height = Math.sin(column / 6.0 + phase + row) + Math.sin(column / 9.0 - row);
                int depth = (int) ((height + 2) / 4 * WATER.length());
                page.append(WATER.charAt(Math.clamp(depth, 0, WATER.length() - 1)));
            }
            page.append('\n');
        }
        return page.toString();
    }
}
