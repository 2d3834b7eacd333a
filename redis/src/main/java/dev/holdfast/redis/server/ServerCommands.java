package dev.holdfast.redis.server;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The commands on the server as a whole that are no family of their own.
public final class ServerCommands {
    private final Env env;
    private final Stops stops;
    private final Supplier<@Nullable String> busy;

    /// What SHUTDOWN asks for.
    ///
    /// @param firm asks for a stop and returns at once
    /// @param refusable the same, of a stop that is taken back if it could not end clean
    /// @param resume takes a stop back; false if none is under way or it is too late
    public record Stops(
            BiConsumer<Mode, String> firm,
            BiConsumer<Mode, String> refusable,
            BooleanSupplier resume) {}

    /// @param busy why hardly anything may be called at present; null if all may
    public ServerCommands(Env env, Stops stops, Supplier<@Nullable String> busy) {
        this.env = env;
        this.stops = stops;
        this.busy = busy;
    }

    /// The commands, in the order of the manual.
    public List<Syntax> all() {
        return List.of(shutdown(), time());
    }

    private Syntax shutdown() {
        return Syntax.session("SHUTDOWN", -1, this::parseShutdown)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
                .flags(Flag.NO_MULTI, Flag.ALLOW_BUSY)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "O(N) when saving, where N is the size of what is not yet in tables",
                        "Synchronously save the dataset to disk and then shut down the server",
                        "[NOSAVE | SAVE] [NOW] [FORCE | SAFE] [ABORT]");
    }

    private Syntax time() {
        return Syntax.session("TIME", 1, _ -> (SessionCommand) this::time)
                .flags(Flag.LOADING, Flag.STALE, Flag.FAST)
                .docs(Group.SERVER, "2.6.0", "O(1)", "Return the current server time", "");
    }

    private Reply time(Session session) {
        long millis = env.currentTimeMillis();
        return Reply.array(
                Reply.bulk(Long.toString(millis / 1000)),
                Reply.bulk(Long.toString(millis % 1000 * 1000)));
    }

    private SessionCommand parseShutdown(Words words) {
        Set<Option> given = EnumSet.noneOf(Option.class);
        for (Options options = words.options(0); options.more(); ) given.add(Option.of(options));
        boolean contradicts =
                given.containsAll(Set.of(Option.SAVE, Option.NOSAVE))
                        || given.containsAll(Set.of(Option.FORCE, Option.SAFE));
        boolean abortsMore = given.contains(Option.ABORT) && 1 < given.size();
        if (contradicts || abortsMore) throw new RespError(RespError.SYNTAX);
        return given.contains(Option.ABORT) ? _ -> abort() : session -> shutDown(session, given);
    }

    private Reply abort() {
        if (!stops.resume.getAsBoolean()) throw new RespError("ERR No shutdown in progress.");
        return Reply.OK;
    }

    // Nothing acknowledged is ever thrown away, so NOSAVE only asks for haste.
    private Reply shutDown(Session session, Set<Option> given) {
        String held = busy.get();
        if (held != null && !given.contains(Option.NOSAVE)) throw new RespError(held);
        boolean hastens = given.contains(Option.NOW) || given.contains(Option.NOSAVE);
        boolean isFirm = given.contains(Option.FORCE) || hastens && !given.contains(Option.SAFE);
        session.awaitStop();
        (isFirm ? stops.firm : stops.refusable)
                .accept(hastens ? Mode.FAST : Mode.SMART, "SHUTDOWN " + given);
        return Reply.NONE;
    }

    /// A word that SHUTDOWN may be followed by.
    private enum Option {
        NOSAVE,
        SAVE,
        NOW,
        FORCE,
        SAFE,
        ABORT;

        static Option of(Options options) {
            String keyword = options.keyword();
            for (Option option : values()) if (option.name().equals(keyword)) return option;
            throw options.unexpected();
        }
    }
}
