package dev.holdfast.redis.tracking;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A client that is told when keys change: which keys, and how.
///
/// Guarded by the [Tracking] that it belongs to.
final class TrackedClient {
    private final Session session;
    private final Set<Option> options = EnumSet.noneOf(Option.class);
    private final Set<Bytes> prefixes = new LinkedHashSet<>();
    private long redirect;
    private boolean isCaching; // said so for the next command
    private boolean isRedirectBroken;

    TrackedClient(Session session) {
        this.session = session;
    }

    /// How keys are chosen, by the word that CLIENT TRACKING has for it.
    enum Option {
        /// Every key with one of the prefixes, whether it was read or not.
        BCAST,
        /// Keys that are read after CLIENT CACHING YES.
        OPTIN,
        /// Keys that are read, but for those after CLIENT CACHING NO.
        OPTOUT,
        /// What the client itself changes it is not told.
        NOLOOP
    }

    Session session() {
        return session;
    }

    /// Takes on what a call of CLIENT TRACKING asks for; prefixes are added to those before.
    void choose(Set<Option> chosen, Set<Bytes> morePrefixes, long redirect) {
        options.clear();
        options.addAll(chosen);
        prefixes.addAll(morePrefixes);
        if (has(Option.BCAST) && prefixes.isEmpty()) prefixes.add(Bytes.EMPTY);
        this.redirect = redirect;
        isRedirectBroken = false;
        show();
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    Set<Bytes> prefixes() {
        return prefixes;
    }

    /// The number of the client that is told instead; 0 for this one.
    long redirect() {
        return redirect;
    }

    void redirectIsBroken() {
        isRedirectBroken = true;
        show();
    }

    /// True if what is read now is remembered.
    boolean remembers() {
        if (has(Option.BCAST)) return false;
        if (has(Option.OPTIN)) return isCaching;
        return !(has(Option.OPTOUT) && isCaching);
    }

    /// The next command is an exception from the rule.
    void makeException() {
        isCaching = true;
    }

    /// The exception was made.
    void backToRule() {
        isCaching = false;
    }

    /// The words that CLIENT TRACKINGINFO shows.
    List<Reply> flags() {
        List<String> flags = new ArrayList<>(List.of("on"));
        if (has(Option.BCAST)) flags.add("bcast");
        if (has(Option.OPTIN)) flags.add("optin");
        if (has(Option.OPTIN) && isCaching) flags.add("caching-yes");
        if (has(Option.OPTOUT)) flags.add("optout");
        if (has(Option.OPTOUT) && isCaching) flags.add("caching-no");
        if (has(Option.NOLOOP)) flags.add("noloop");
        if (isRedirectBroken) flags.add("broken_redirect");
        return flags.stream().map(Reply::bulk).toList();
    }

    private void show() {
        String letters = "t" + (isRedirectBroken ? "R" : "") + (has(Option.BCAST) ? "B" : "");
        session.track(letters, redirect);
    }
}
