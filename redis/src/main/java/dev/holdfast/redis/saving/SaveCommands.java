package dev.holdfast.redis.saving;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.saving.Saves.Kind;
import java.util.List;

/// The commands that ask for a save.
public final class SaveCommands {
    private static final RespError TAKEN = new RespError("ERR Background save already in progress");
    private static final RespError REWRITES =
            new RespError("ERR Background append only file rewriting already in progress");

    private final Saves saves;

    public SaveCommands(Saves saves) {
        this.saves = saves;
    }

    /// The commands, in the order of the alphabet.
    public List<Syntax> all() {
        return List.of(rewrite(), saveLater(), lastSave(), save());
    }

    private Syntax rewrite() {
        return Syntax.session("BGREWRITEAOF", 1, _ -> (SessionCommand) this::rewrite)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "O(1)",
                        "Asynchronously rewrite the append-only file",
                        "");
    }

    private Syntax saveLater() {
        return Syntax.session("BGSAVE", -1, this::parseSaveLater)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "O(1)",
                        "Asynchronously save the dataset to disk",
                        "[SCHEDULE]");
    }

    private Syntax lastSave() {
        return Syntax.session("LASTSAVE", 1, _ -> (SessionCommand) this::lastSave)
                .flags(Flag.LOADING, Flag.STALE, Flag.FAST)
                .categories(Category.ADMIN, Category.DANGEROUS)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "O(1)",
                        "Get the UNIX time stamp of the last successful save to disk",
                        "");
    }

    private Syntax save() {
        return Syntax.session("SAVE", 1, _ -> (SessionCommand) this::save)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "O(N) where N is the size of what is not yet in tables",
                        "Synchronously save the dataset to disk",
                        "");
    }

    private Reply rewrite(Session session) {
        if (!saves.start(Kind.REWRITE)) throw saves.isSaving() ? TAKEN : REWRITES;
        return Reply.simple("Background append only file rewriting started");
    }

    private SessionCommand parseSaveLater(Words words) {
        boolean isScheduled = words.count() == 1 && words.is(0, "SCHEDULE");
        if (words.count() != 0 && !isScheduled) throw new RespError(RespError.SYNTAX);
        return _ -> {
            if (!saves.start(Kind.SAVE)) throw saves.isSaving() ? TAKEN : REWRITES;
            return Reply.simple("Background saving started");
        };
    }

    private Reply lastSave(Session session) {
        return Reply.integer(saves.last().savedSeconds());
    }

    private Reply save(Session session) {
        if (!saves.run(Kind.SAVE)) throw saves.isSaving() ? TAKEN : REWRITES;
        return Reply.OK;
    }
}
