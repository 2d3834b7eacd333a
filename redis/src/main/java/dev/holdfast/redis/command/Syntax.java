package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What one command looks like from outside: the one source of dispatch, arity errors, COMMAND,
/// access control and documentation. Immutable.
///
/// ```
/// static final Syntax SYNTAX =
///         Syntax.read("GETRANGE", 4, GetRange::parse)
///                 .keys(KeySpec.one("RO", "access"))
///                 .docs(Group.STRING, "2.4.0", "O(N) ...", "Get a ...", "key start end");
/// ```
public final class Syntax {
    private static final Docs UNDOCUMENTED = new Docs(Group.SERVER, "1.0.0", "", "", "");

    private final String name;
    private final String shownName;
    private final int arity;
    private final Traits traits;
    private final Docs docs;
    private final Parser parser;

    private Syntax(String name, int arity, Traits traits, Docs docs, Parser parser) {
        this.name = name;
        this.shownName = name.toLowerCase(Locale.ROOT);
        this.arity = arity;
        this.traits = traits;
        this.docs = docs;
        this.parser = parser;
    }

    /// What else is known of a command.
    public record Traits(
            Access access,
            Set<Flag> flags,
            Set<Category> categories,
            Places places,
            List<Syntax> subcommands) {
        public Traits {
            flags = Set.copyOf(flags);
            categories = Set.copyOf(categories);
            subcommands = List.copyOf(subcommands);
        }

        /// Where the keys of a call stand.
        public List<KeySpec> keys() {
            return places.keys;
        }
    }

    /// Where a call names what it works on.
    public record Places(List<KeySpec> keys, Channels channels) {
        static final Places NONE = new Places(List.of(), Channels.NONE);

        public Places {
            keys = List.copyOf(keys);
        }
    }

    /// Which words of a call name channels of messages.
    public enum Channels {
        /// None that the caller sends to or listens to.
        NONE,
        /// The first one.
        FIRST,
        /// Every one.
        ALL,
        /// Every one, and each is a pattern of names.
        ALL_PATTERNS;

        /// True if the caller listens to them from then on.
        public boolean areListenedTo() {
            return this == ALL || this == ALL_PATTERNS;
        }
    }

    /// A command that reads keys.
    public static Syntax read(String name, int arity, Parser parser) {
        return of(name, arity, Access.READ, parser).flags(Flag.READONLY);
    }

    /// A command that may write keys.
    public static Syntax write(String name, int arity, Parser parser) {
        return of(name, arity, Access.WRITE, parser).flags(Flag.WRITE);
    }

    /// A command that has nothing to do with keys.
    public static Syntax session(String name, int arity, Parser parser) {
        return of(name, arity, Access.NONE, parser);
    }

    /// A command whose first argument chooses one of `subcommands`.
    public static Syntax container(String name, List<Syntax> subcommands) {
        Syntax bare = of(name, -2, Access.NONE, words -> chosen(name, subcommands, words));
        Traits traits = bare.traits;
        return bare.with(
                new Traits(
                        traits.access, traits.flags, traits.categories, Places.NONE, subcommands));
    }

    /// The subcommand `HELP` of a container, which shows `lines`.
    public static Syntax help(Group group, String since, List<String> lines) {
        Reply help = Reply.array(lines.stream().map(Reply::simple).toList());
        return session("HELP", 2, _ -> (SessionCommand) _ -> help)
                .flags(Flag.LOADING, Flag.STALE)
                .docs(
                        group,
                        since,
                        "O(1)",
                        "Show helpful text about the different subcommands",
                        "");
    }

    /// This container, which `alone` parses where no subcommand follows.
    public Syntax orAlone(Parser alone) {
        return new Syntax(
                name,
                -1,
                traits,
                docs,
                words -> words.count() == 0 ? alone.parse(words) : parser.parse(words));
    }

    /// This syntax with `more` flags.
    public Syntax flags(Flag... more) {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        flags.addAll(traits.flags);
        flags.addAll(List.of(more));
        return with(
                new Traits(
                        traits.access,
                        flags,
                        traits.categories,
                        traits.places,
                        traits.subcommands));
    }

    /// This syntax with `more` categories than those that follow from access, flags and group.
    public Syntax categories(Category... more) {
        Set<Category> categories = EnumSet.noneOf(Category.class);
        categories.addAll(traits.categories);
        categories.addAll(List.of(more));
        return with(
                new Traits(
                        traits.access,
                        traits.flags,
                        categories,
                        traits.places,
                        traits.subcommands));
    }

    /// This syntax with the places of its keys.
    public Syntax keys(KeySpec... keys) {
        return at(new Places(List.of(keys), traits.places.channels));
    }

    /// This syntax with the places of its channels.
    public Syntax channels(Channels channels) {
        return at(new Places(traits.places.keys, channels));
    }

    private Syntax at(Places places) {
        return with(
                new Traits(
                        traits.access,
                        traits.flags,
                        traits.categories,
                        places,
                        traits.subcommands));
    }

    /// This syntax with its page of the manual.
    public Syntax docs(Group group, String since, String complexity, String summary, String usage) {
        return new Syntax(
                name, arity, traits, new Docs(group, since, complexity, summary, usage), parser);
    }

    /// True if a call may have `words` words, the name included.
    public boolean accepts(int words) {
        return 0 <= arity ? words == arity : -arity <= words;
    }

    /// All categories: those that were named, and those that follow.
    public Set<Category> allCategories() {
        Set<Category> all = EnumSet.noneOf(Category.class);
        all.addAll(traits.categories);
        // A container that can do nothing by itself belongs to no chapter.
        boolean isMereContainer = !traits.subcommands.isEmpty() && arity < -1;
        Category chapter = docs.group().category();
        // SORT stands in no chapter, but with the types that it sorts.
        boolean isOfTypes = traits.categories.contains(Category.LIST) && chapter != Category.LIST;
        // WAIT stands in the chapter of keys, but has to do with the connection.
        boolean isOfConnection =
                traits.categories.contains(Category.CONNECTION) && chapter == Category.KEYSPACE;
        boolean isElsewhere = isMereContainer || isOfTypes || isOfConnection;
        if (chapter != null && !isElsewhere) all.add(chapter);
        if (traits.access == Access.READ) all.add(Category.READ);
        if (traits.access == Access.WRITE) all.add(Category.WRITE);
        if (traits.flags.contains(Flag.ADMIN)) {
            all.add(Category.ADMIN);
            all.add(Category.DANGEROUS);
        }
        if (traits.flags.contains(Flag.PUBSUB)) all.add(Category.PUBSUB);
        if (traits.flags.contains(Flag.BLOCKING)) all.add(Category.BLOCKING);
        all.add(traits.flags.contains(Flag.FAST) ? Category.FAST : Category.SLOW);
        return all;
    }

    /// The places of the keys in `call`, counted from the name at 0.
    public List<Integer> keyPlaces(List<Bytes> call) {
        return keyUses(call).stream()
                .map(KeySpec.Use::place)
                .filter(place -> place != KeySpec.Use.EVERY)
                .toList();
    }

    /// The places of the keys in `call`, and what it does with each.
    public List<KeySpec.Use> keyUses(List<Bytes> call) {
        List<KeySpec.Use> uses = new ArrayList<>();
        for (KeySpec spec : traits.keys()) if (spec.isOfKeys()) uses.addAll(spec.uses(call));
        return uses;
    }

    /// The places of the channels in `call` that the caller sends to or listens to.
    public List<Integer> channelPlaces(List<Bytes> call) {
        return switch (traits.places.channels) {
            case NONE -> List.of();
            case FIRST -> 1 < call.size() ? List.of(1) : List.of();
            case ALL, ALL_PATTERNS -> IntStream.range(1, call.size()).boxed().toList();
        };
    }

    /// What `request` calls: this, or the one of its subcommands that the request names.
    public Syntax calledBy(List<Bytes> request) {
        for (Syntax subcommand : traits.subcommands)
            if (Words.of(request).is(0, subcommand.name)) return subcommand;
        return this;
    }

    /// The name of what `request` calls, in small letters, with the subcommand if there is one.
    public String nameIn(List<Bytes> request) {
        for (Syntax subcommand : traits.subcommands)
            if (Words.of(request).is(0, subcommand.name))
                return shownName + "|" + subcommand.shownName;
        return shownName;
    }

    /// The error of a container that is called with a subcommand which it has not, or with too few
    /// or too many words for the one that it has; null if nothing is wrong.
    public @Nullable String complaintAboutSubcommand(List<Bytes> request) {
        if (traits.subcommands.isEmpty() || request.size() == 1) return null;
        Syntax called = calledBy(request);
        if (called == this) return unknownSubcommand(name, Words.of(request)).text();
        return called.accepts(request.size()) ? null : RespError.arity(nameIn(request)).text();
    }

    /// The name in small letters, as errors and COMMAND show it.
    public String shownName() {
        return shownName;
    }

    /// The name in capitals; of a subcommand its own name alone.
    public String name() {
        return name;
    }

    /// How many words a call has, the name (and the container's name) included; negative: at least
    /// so many.
    public int arity() {
        return arity;
    }

    /// What else is known.
    public Traits traits() {
        return traits;
    }

    /// The page of the manual.
    public Docs docs() {
        return docs;
    }

    /// What makes a call out of words.
    public Parser parser() {
        return parser;
    }

    private static Syntax of(String name, int arity, Access access, Parser parser) {
        return new Syntax(
                name,
                arity,
                new Traits(access, Set.of(), Set.of(), Places.NONE, List.of()),
                UNDOCUMENTED,
                parser);
    }

    private static Invocation chosen(String container, List<Syntax> subcommands, Words words) {
        for (Syntax subcommand : subcommands) {
            if (!words.is(0, subcommand.name)) continue;
            if (!subcommand.accepts(words.all().size()))
                throw RespError.arity(
                        container.toLowerCase(Locale.ROOT) + "|" + subcommand.shownName());
            return subcommand.parser.parse(words.afterSubcommand());
        }
        throw unknownSubcommand(container, words);
    }

    private static RespError unknownSubcommand(String container, Words words) {
        return RespError.unknownSubcommand(container, words.text(0));
    }

    private Syntax with(Traits traits) {
        return new Syntax(name, arity, traits, docs, parser);
    }
}
