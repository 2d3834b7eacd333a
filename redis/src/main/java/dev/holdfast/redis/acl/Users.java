package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.User.Trait;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// All users there are. Thread-safe: a user is replaced as a whole, so that every call is judged by
/// the rules as they were before or after a change, and never by half of it.
///
/// Invariant: the user `default` is always there.
public final class Users {
    static final String DEFAULT_STAYS = "ERR The 'default' user cannot be removed";

    private static final int COUNT_MAX = 10_000;
    private static final int NAME_LENGTH_MAX = 512;
    private static final int COMPLAINTS_MAX = 32;
    private static final User NOBODY = new User("", EnumSet.of(Trait.OFF), List.of(), List.of());

    private final Catalog catalog;
    private final BooleanSupplier hearsAllAtFirst;
    private final Doorkeeper doorkeeper;
    private final ReentrantLock changes = new ReentrantLock();
    private final Map<String, User> byName = new ConcurrentSkipListMap<>();

    /// Only the user `default`, who may do everything without a password.
    ///
    /// @param hearsAllAtFirst whether a new user may listen to every channel
    public Users(CommandTable table, BooleanSupplier hearsAllAtFirst, Doorkeeper doorkeeper) {
        this.catalog = new Catalog(table);
        this.hearsAllAtFirst = hearsAllAtFirst;
        this.doorkeeper = doorkeeper;
        byName.put(Session.DEFAULT_USER, almighty());
    }

    private User almighty() {
        var draft = new UserDraft(fresh(Session.DEFAULT_USER), blank());
        for (String rule : List.of("on", "nopass", "~*", "&*", "+@all")) draft.add(rule);
        return draft.done();
    }

    private User fresh(String name) {
        return User.fresh(name, blank());
    }

    private Selector blank() {
        var draft = new SelectorDraft(Selector.none(catalog));
        if (hearsAllAtFirst.getAsBoolean()) draft.allowChannels(Selector.Extent.ALL);
        return draft.done();
    }

    Catalog catalog() {
        return catalog;
    }

    /// The user called `name`; null if there is none.
    @Nullable User find(String name) {
        return byName.get(name);
    }

    /// True if there is a user called `name`.
    public boolean isUser(String name) {
        return byName.containsKey(name);
    }

    /// All users, by name.
    List<User> all() {
        return List.copyOf(byName.values());
    }

    /// The lines that make all users, by name.
    public List<String> lines() {
        return all().stream().map(User::line).toList();
    }

    /// True if clients need no password to be the user `default`.
    public boolean areOpen() {
        User user = find(Session.DEFAULT_USER);
        return user != null && user.isOpen();
    }

    /// True if `password` proves that somebody is `name`. It takes as long if there is no such
    /// user.
    boolean accepts(String name, Bytes password) {
        User user = find(name);
        return (user == null ? NOBODY : user).accepts(password.toArray());
    }

    /// The user `default` has `password` and no other; none is asked for if it is empty.
    public void defaultPassword(String password) {
        String rule = password.isEmpty() ? "nopass" : ">" + RuleText.ofName(password);
        set(Session.DEFAULT_USER, List.of("resetpass", rule));
    }

    /// Adds `rules` to those of the user `name`, who is made if there is none: all of them or none.
    /// Throws `RespError`.
    void set(String name, List<String> rules) {
        RuleText.Joined joined = RuleText.join(rules);
        String open = joined.openIn(rules);
        if (open != null)
            throw new RespError(
                    "ERR Unmatched parenthesis in acl selector starting at '" + open + "'.");
        checkName(name);
        changes.lock();
        try {
            User before = find(name);
            if (before == null && COUNT_MAX <= byName.size())
                throw new RespError("ERR Too many users");
            var draft = new UserDraft(before == null ? fresh(name) : before, blank());
            for (String rule : joined.rules()) {
                String complaint = draft.add(rule);
                if (complaint != null) throw refused(rule, complaint);
            }
            put(draft.done());
        } finally {
            changes.unlock();
        }
    }

    private static RespError refused(String rule, String complaint) {
        String shown = RespError.preview(RuleText.bytes(rule).toUtf8());
        return new RespError("ERR Error in ACL SETUSER modifier '" + shown + "': " + complaint);
    }

    private static void checkName(String name) {
        if (RuleText.hasBlanks(name))
            throw new RespError("ERR Usernames can't contain spaces or null characters");
        if (NAME_LENGTH_MAX < name.length()) throw new RespError("ERR Username is too long");
    }

    private void put(User user) {
        byName.put(user.name(), user);
        doorkeeper.changed(user.name(), user::mayHear, user::mayHearAll);
    }

    /// Removes users, and returns how many there were. Throws `RespError`.
    long remove(Set<String> names) {
        if (names.contains(Session.DEFAULT_USER)) throw new RespError(DEFAULT_STAYS);
        changes.lock();
        try {
            return names.stream().filter(this::removeOne).count();
        } finally {
            changes.unlock();
        }
    }

    private boolean removeOne(String name) {
        if (byName.remove(name) == null) return false;
        doorkeeper.removed(name);
        return true;
    }

    /// Takes the users that `lines` make in place of all there are, or leaves all as it is. Throws
    /// `RespError` with everything that is wrong.
    ///
    /// @param source of the lines, in what is said of them
    public void replaceBy(List<String> lines, String source) {
        var listing = new Listing(source);
        for (int i = 0; i < lines.size(); i++) listing.add(lines.get(i), i + 1);
        changes.lock();
        try {
            Map<String, User> users = listing.users();
            users.putIfAbsent(Session.DEFAULT_USER, almighty());
            for (User before : all())
                if (!users.containsKey(before.name())) removeOne(before.name());
            users.values().forEach(this::put);
        } finally {
            changes.unlock();
        }
    }

    /// Adds the users that `lines` make, each of them afresh. Throws `RespError`.
    public void addAll(List<String> lines) {
        var listing = new Listing("user");
        for (int i = 0; i < lines.size(); i++) listing.add(RuleText.ofName(lines.get(i)), i + 1);
        changes.lock();
        try {
            listing.users().values().forEach(this::put);
        } finally {
            changes.unlock();
        }
    }

    /// Lines that make users, as they are read, and what is wrong with them.
    private final class Listing {
        private final String source;
        private final Map<String, User> users = new HashMap<>();
        private final List<String> complaints = new ArrayList<>();

        Listing(String source) {
            this.source = source;
        }

        void add(String line, int number) {
            List<String> words = RuleText.words(line);
            if (words.isEmpty()) return;
            String where = source + ":" + number;
            if (!words.getFirst().equals("user") || words.size() < 2) {
                complain(where + " should start with user keyword followed by the username. ");
                return;
            }
            String name = RuleText.bytes(words.get(1)).toUtf8();
            if (users.containsKey(name)) {
                complain("WARNING: Duplicate user '" + name + "' found on line " + number + ". ");
                return;
            }
            List<String> rules = words.subList(2, words.size());
            RuleText.Joined joined = RuleText.join(rules);
            if (0 <= joined.openAt())
                complain(where + ": Unmatched parenthesis in selector definition.");
            else add(name, joined.rules(), where);
        }

        private void add(String name, List<String> rules, String where) {
            var draft = new UserDraft(fresh(name), blank());
            for (String rule : rules) {
                String complaint = draft.add(rule);
                if (complaint != null) complain(where + ": " + complaint + ". ");
            }
            if (NAME_LENGTH_MAX < name.length()) complain(where + ": Username is too long. ");
            if (COUNT_MAX <= users.size()) complain(where + ": Too many users. ");
            else users.put(name, draft.done());
        }

        private void complain(String what) {
            if (complaints.size() < COMPLAINTS_MAX) complaints.add(what);
        }

        Map<String, User> users() {
            if (complaints.isEmpty()) return users;
            throw new RespError(
                    "ERR "
                            + String.join("", complaints)
                            + "WARNING: ACL errors detected, no change to the previously active"
                            + " ACL rules was performed");
        }
    }
}
