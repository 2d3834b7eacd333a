package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Syntax;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A name that clients give themselves, what proves it, and what they may do under it. Immutable.
///
/// @param passwords the hashes, any of which will do
/// @param selectors what may be done: whatever one of them allows; the first is the user's own, the
///   others stand in parentheses
record User(String name, Set<Trait> traits, List<String> passwords, List<Selector> selectors) {
    User {
        traits = Set.copyOf(traits);
        passwords = List.copyOf(passwords);
        selectors = List.copyOf(selectors);
    }

    /// What a user is or is not, in the order in which it is shown.
    enum Trait {
        /// Clients may take its name.
        ON,
        /// They may not, any more.
        OFF,
        /// No password is asked for, any will do.
        NOPASS,
        /// What RESTORE is given is not looked at closely.
        SKIP_SANITIZE_PAYLOAD,
        /// What RESTORE is given is looked at closely.
        SANITIZE_PAYLOAD;

        /// The rule.
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// One that can do nothing, and whose name nobody can take yet.
    static User fresh(String name, Selector selector) {
        return new User(name, EnumSet.of(Trait.OFF), List.of(), List.of(selector));
    }

    boolean isOn() {
        return traits.contains(Trait.ON);
    }

    /// True if it needs no password, and its name may be taken.
    boolean isOpen() {
        return isOn() && traits.contains(Trait.NOPASS);
    }

    /// True if `password` proves the name. It takes as long whatever it is, and whether the name
    /// may be taken or not.
    boolean accepts(byte[] password) {
        boolean fits = Password.isOneOf(passwords, password);
        return isOn() && (fits || traits.contains(Trait.NOPASS));
    }

    /// The user's own selector.
    Selector own() {
        return selectors.getFirst();
    }

    /// The selectors in parentheses.
    List<Selector> more() {
        return selectors.subList(1, selectors.size());
    }

    /// Why the user may not make `call`, which calls `called`; null if it may.
    @Nullable Denial denial(Syntax called, List<Bytes> call) {
        Denial nearest = null;
        for (Selector selector : selectors) {
            if (selector.isEverything()) return null;
            Denial denial = selector.denial(called, call);
            if (denial == null) return null;
            nearest = nearest == null ? denial : nearest.orNearer(denial);
        }
        return nearest;
    }

    /// True if the user may listen to `channel`.
    boolean mayHear(Bytes channel) {
        return selectors.stream().anyMatch(selector -> selector.channels().allow(channel));
    }

    /// True if the user may listen to every channel that is of `pattern`.
    boolean mayHearAll(Bytes pattern) {
        return selectors.stream().anyMatch(selector -> selector.channels().allowPattern(pattern));
    }

    /// The words of [Trait] that it has, in order.
    List<String> traitWords() {
        List<String> words = new ArrayList<>();
        for (Trait trait : Trait.values()) if (traits.contains(trait)) words.add(trait.word());
        return words;
    }

    /// The line that makes it: `user NAME` and its rules.
    String line() {
        List<String> words = new ArrayList<>(List.of("user", RuleText.ofName(name)));
        words.addAll(traitWords());
        for (String hash : passwords) words.add("#" + hash);
        words.add(own().text());
        for (Selector selector : more()) words.add("(" + selector.text() + ")");
        return String.join(" ", words);
    }
}
