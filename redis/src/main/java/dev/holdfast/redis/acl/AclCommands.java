package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.acl.Catalog.Entry;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `ACL ...`: who may do what.
public final class AclCommands {
    private static final int LOG_SHOWN = 10;
    private static final int BITS = 256;
    private static final int BITS_MAX = 4096;
    private static final int BITS_IN_DIGIT = 4;
    private static final String NO_FILE =
            "ERR This Redis instance is not configured to use an ACL file. You may want to specify"
                    + " users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming"
                    + " you have a Redis configuration file set) in order to store users in the"
                    + " Redis configuration.";
    private static final List<String> HELP =
            List.of(
                    "ACL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "CAT [<category>]",
                    "    List all commands that belong to <category>, or all command categories",
                    "    when no category is specified.",
                    "DELUSER <username> [<username> ...]",
                    "    Delete a list of users.",
                    "DRYRUN <username> <command> [<arg> ...]",
                    "    Returns whether the user can execute the given command without executing"
                            + " the command.",
                    "GETUSER <username>",
                    "    Get the user's details.",
                    "GENPASS [<bits>]",
                    "    Generate a secure 256-bit user password. The optional `bits` argument can",
                    "    be used to specify a different size.",
                    "LIST",
                    "    Show users details in config file format.",
                    "LOAD",
                    "    Reload users from the ACL file.",
                    "LOG [<count> | RESET]",
                    "    Show the ACL log entries.",
                    "SAVE",
                    "    Save the current config to the ACL file.",
                    "SETUSER <username> <attribute> [<attribute> ...]",
                    "    Create or modify a user with the specified attributes.",
                    "USERS",
                    "    List all the registered usernames.",
                    "WHOAMI",
                    "    Return the current connection username.",
                    "HELP",
                    "    Prints this help.");

    private final Supplier<Users> users;
    private final AclLog log;
    private final @Nullable AclFile file;
    private final Env env;

    /// @param users asked only when a command runs: their rules are about the commands there are
    /// @param file that users are kept in; null if they are not
    public AclCommands(Supplier<Users> users, AclLog log, @Nullable AclFile file, Env env) {
        this.users = users;
        this.log = log;
        this.file = file;
        this.env = env;
    }

    /// The one command, with its subcommands.
    public Syntax syntax() {
        return Syntax.container(
                        "ACL",
                        List.of(
                                open("CAT", -2, "[category]", this::parseCat),
                                admin("DELUSER", -3, "username [username ...]", this::parseDelUser),
                                admin(
                                        "DRYRUN",
                                        -4,
                                        "username command [arg [arg ...]]",
                                        this::parseDryRun),
                                open("GENPASS", -2, "[bits]", this::parseGenPass),
                                admin("GETUSER", 3, "username", this::parseGetUser),
                                Syntax.help(Group.SERVER, "6.0.0", HELP),
                                admin("LIST", 2, "", _ -> (SessionCommand) _ -> list()),
                                admin("LOAD", 2, "", _ -> (SessionCommand) _ -> loadNow()),
                                admin("LOG", -2, "[count | RESET]", this::parseLog),
                                admin("SAVE", 2, "", _ -> (SessionCommand) _ -> save()),
                                admin(
                                        "SETUSER",
                                        -3,
                                        "username [rule [rule ...]]",
                                        this::parseSetUser),
                                admin("USERS", 2, "", _ -> (SessionCommand) _ -> names()),
                                open("WHOAMI", 2, "", _ -> (SessionCommand) AclCommands::whoAmI)))
                .docs(
                        Group.SERVER,
                        "6.0.0",
                        "Depends on subcommand.",
                        "A container for Access List Control commands",
                        "");
    }

    private static Syntax open(String name, int arity, String usage, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
                .docs(Group.SERVER, since(name), "O(N)", "ACL " + name, usage);
    }

    private static Syntax admin(String name, int arity, String usage, Parser parser) {
        return open(name, arity, usage, parser).flags(Flag.ADMIN);
    }

    private static String since(String name) {
        return name.equals("DRYRUN") ? "7.0.0" : "6.0.0";
    }

    private static SessionCommand session(Reply reply) {
        return _ -> reply;
    }

    private SessionCommand parseCat(Words words) {
        if (1 < words.count()) throw wrongCount("cat");
        if (words.count() == 0)
            return session(
                    bulks(
                            Arrays.stream(Category.values())
                                    .map(c -> c.word().substring(1))
                                    .toList()));
        Category category = Catalog.category(words.text(0));
        if (category == null)
            throw new RespError("ERR Unknown category '" + RespError.preview(words.text(0)) + "'");
        return _ ->
                bulks(
                        users.get().catalog().all().stream()
                                .filter(entry -> entry.isIn(category))
                                .map(Entry::name)
                                .toList());
    }

    private static RespError wrongCount(String subcommand) {
        return new RespError(
                "ERR unknown subcommand or wrong number of arguments for '"
                        + subcommand
                        + "'. Try ACL HELP.");
    }

    private static Reply bulks(List<String> texts) {
        return Reply.array(texts.stream().map(Reply::bulk).toList());
    }

    private SessionCommand parseDelUser(Words words) {
        Set<String> names = new LinkedHashSet<>();
        for (Bytes name : words.keys(0)) names.add(name.toUtf8());
        if (names.contains(Session.DEFAULT_USER)) throw new RespError(Users.DEFAULT_STAYS);
        return session -> {
            // The client itself hears how it went before it is sent away.
            if (names.contains(session.user())) {
                session.disown();
                session.end(Session.Ending.AFTER_REPLIES);
            }
            return Reply.integer(users.get().remove(names));
        };
    }

    private SessionCommand parseDryRun(Words words) {
        String name = words.text(0);
        List<Bytes> call = words.keys(1);
        return _ -> {
            User user = users.get().find(name);
            if (user == null)
                throw new RespError("ERR User '" + RespError.preview(name) + "' not found");
            return dryRun(user, call);
        };
    }

    private Reply dryRun(User user, List<Bytes> call) {
        String word = call.getFirst().toUtf8();
        Entry entry = word.indexOf('|') < 0 ? users.get().catalog().find(word) : null;
        if (entry == null || isUnknownSubcommand(entry.syntax(), call))
            throw new RespError("ERR Command '" + RespError.preview(word) + "' not found");
        Syntax command = entry.syntax();
        if (!command.accepts(call.size())) throw RespError.arity(command.shownName());
        String complaint = command.complaintAboutSubcommand(call);
        if (complaint != null) throw new RespError(complaint);
        Denial denial = user.denial(command.calledBy(call), call);
        if (denial == null) return Reply.OK;
        String object = call.get(denial.place()).toUtf8();
        return Reply.bulk(denial.textOfDryRun(command.nameIn(call), object));
    }

    private static boolean isUnknownSubcommand(Syntax command, List<Bytes> call) {
        boolean isContainer = !command.traits().subcommands().isEmpty();
        return isContainer && 1 < call.size() && command.calledBy(call) == command;
    }

    private SessionCommand parseGenPass(Words words) {
        if (1 < words.count()) throw wrongCount("genpass");
        long bits = words.count() == 0 ? BITS : words.integer(0);
        if (bits <= 0 || BITS_MAX < bits)
            throw new RespError(
                    "ERR ACL GENPASS argument must be the number of bits for the output password,"
                            + " a positive number up to "
                            + BITS_MAX);
        return _ -> Reply.bulk(digits((int) (bits + BITS_IN_DIGIT - 1) / BITS_IN_DIGIT));
    }

    private String digits(int count) {
        var digits = new StringBuilder();
        while (digits.length() < count) digits.append("%016x".formatted(env.randomLong()));
        return digits.substring(0, count);
    }

    private SessionCommand parseGetUser(Words words) {
        String name = words.text(0);
        return _ -> {
            User user = users.get().find(name);
            return user == null ? Reply.NULL : describe(user);
        };
    }

    private static Reply describe(User user) {
        List<Reply> page = new ArrayList<>();
        page.add(Reply.bulk("flags"));
        page.add(Reply.set(user.traitWords().stream().map(Reply::bulk).toList()));
        page.add(Reply.bulk("passwords"));
        page.add(bulks(user.passwords()));
        page.addAll(describe(user.own()));
        page.add(Reply.bulk("selectors"));
        page.add(
                Reply.array(
                        user.more().stream()
                                .map(selector -> Reply.map(describe(selector)))
                                .toList()));
        return Reply.map(page);
    }

    private static List<Reply> describe(Selector selector) {
        return List.of(
                Reply.bulk("commands"),
                rules(selector.commands().text()),
                Reply.bulk("keys"),
                rules(selector.keys().text()),
                Reply.bulk("channels"),
                rules(selector.channels().text()));
    }

    private static Reply rules(String text) {
        return Reply.bulk(RuleText.bytes(text));
    }

    private Reply list() {
        return Reply.array(users.get().lines().stream().map(AclCommands::rules).toList());
    }

    private Reply names() {
        return bulks(users.get().all().stream().map(User::name).toList());
    }

    private static Reply whoAmI(Session session) {
        return Reply.bulk(session.user());
    }

    /// Takes the users of the file in place of those there are. Throws `RespError`.
    public void load() {
        AclFile source = file();
        users.get().replaceBy(source.read(), source.toString());
    }

    private Reply loadNow() {
        load();
        return Reply.OK;
    }

    private Reply save() {
        file().write(users.get().lines());
        return Reply.OK;
    }

    private AclFile file() {
        if (file == null) throw new RespError(NO_FILE);
        return file;
    }

    private SessionCommand parseSetUser(Words words) {
        Bytes given = words.bytes(0);
        String name = given.toUtf8();
        if (!Bytes.utf8(name).equals(given)) throw new RespError("ERR Usernames must be UTF-8");
        List<String> rules = words.keys(1).stream().map(RuleText::of).toList();
        return _ -> {
            users.get().set(name, rules);
            return Reply.OK;
        };
    }

    private SessionCommand parseLog(Words words) {
        if (1 < words.count()) throw wrongCount("log");
        if (words.is(0, "RESET"))
            return _ -> {
                log.clear();
                return Reply.OK;
            };
        long count = words.count() == 0 ? LOG_SHOWN : words.integer(0);
        return _ -> Reply.array(log.latest(count).stream().map(this::describe).toList());
    }

    private Reply describe(AclLog.Entry entry) {
        AclLog.Attempt attempt = entry.attempt();
        return Reply.map(
                List.of(
                        Reply.bulk("count"),
                        Reply.integer(entry.count()),
                        Reply.bulk("reason"),
                        Reply.bulk(attempt.reason().word()),
                        Reply.bulk("context"),
                        Reply.bulk(attempt.place().word()),
                        Reply.bulk("object"),
                        Reply.bulk(attempt.object()),
                        Reply.bulk("username"),
                        Reply.bulk(attempt.user()),
                        Reply.bulk("age-seconds"),
                        Reply.real(log.ageSeconds(entry)),
                        Reply.bulk("client-info"),
                        Reply.bulk(entry.client())));
    }
}
