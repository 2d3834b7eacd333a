package dev.holdfast.redis.tracking;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.tracking.TrackedClient.Option;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The subcommands of CLIENT with which a client says that it keeps copies of what it reads.
public final class TrackingCommands {
    private static final String ANOTHER_MODE =
            " before disabling tracking for this client, and then re-enabling it with a different"
                    + " mode.";

    private final Tracking tracking;

    public TrackingCommands(Tracking tracking) {
        this.tracking = tracking;
    }

    /// The subcommands, in the order of the alphabet.
    public List<Syntax> all() {
        return List.of(
                sub("CACHING", "6.0.0", 3, this::parseCaching)
                        .docs(
                                Group.CONNECTION,
                                "6.0.0",
                                "O(1)",
                                "Tell the server whether to track the keys of the next request",
                                "(YES | NO)"),
                sub("GETREDIR", "6.0.0", 2, _ -> (SessionCommand) TrackingCommands::redirect)
                        .docs(
                                Group.CONNECTION,
                                "6.0.0",
                                "O(1)",
                                "Get tracking notifications redirection client ID if any",
                                ""),
                sub("TRACKING", "6.0.0", -3, this::parseTracking)
                        .docs(
                                Group.CONNECTION,
                                "6.0.0",
                                "O(1). Some options may introduce additional complexity.",
                                "Enable or disable server assisted client side caching support",
                                "(ON | OFF) [REDIRECT client-id] [PREFIX prefix ...] [BCAST]"
                                        + " [OPTIN] [OPTOUT] [NOLOOP]"),
                sub("TRACKINGINFO", "6.2.0", 2, _ -> (SessionCommand) this::describe)
                        .docs(
                                Group.CONNECTION,
                                "6.2.0",
                                "O(1)",
                                "Return information about server assisted client side caching for"
                                        + " the current connection",
                                ""));
    }

    private static Syntax sub(String name, String since, int arity, Parser parser) {
        return Syntax.session(name, arity, parser).flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE);
    }

    private static Reply redirect(Session session) {
        return Reply.integer(session.standing().redirect());
    }

    private Reply describe(Session session) {
        synchronized (tracking) {
            TrackedClient client = tracking.of(session);
            List<Reply> flags = client == null ? List.of(Reply.bulk("off")) : client.flags();
            List<Bytes> prefixes = client == null ? List.of() : List.copyOf(client.prefixes());
            return Reply.map(
                    List.of(
                            Reply.bulk("flags"),
                            Reply.set(flags),
                            Reply.bulk("redirect"),
                            redirect(session),
                            Reply.bulk("prefixes"),
                            Reply.array(prefixes.stream().map(Reply::bulk).toList())));
        }
    }

    private SessionCommand parseCaching(Words words) {
        boolean isYes = words.is(0, "YES");
        boolean isKnown = isYes || words.is(0, "NO");
        return session -> {
            synchronized (tracking) {
                TrackedClient client = tracking.of(session);
                if (client == null)
                    throw new RespError(
                            "ERR CLIENT CACHING can be called only when the client is in tracking"
                                    + " mode with OPTIN or OPTOUT mode enabled");
                if (!isKnown) throw new RespError(RespError.SYNTAX);
                Option needed = isYes ? Option.OPTIN : Option.OPTOUT;
                if (!client.has(needed))
                    throw new RespError(
                            "ERR CLIENT CACHING "
                                    + (isYes ? "YES" : "NO")
                                    + " is only valid when tracking is enabled in "
                                    + needed
                                    + " mode.");
                client.makeException();
                return Reply.OK;
            }
        };
    }

    private SessionCommand parseTracking(Words words) {
        var wish = new Wish();
        for (Options options = words.options(1); options.more(); ) wish.add(options);
        boolean isOn = words.is(0, "ON");
        boolean isKnown = isOn || words.is(0, "OFF");
        return session -> {
            wish.checkRedirect(tracking);
            if (!isKnown) throw new RespError(RespError.SYNTAX);
            if (isOn) begin(session, wish);
            else tracking.end(session);
            return Reply.OK;
        };
    }

    private void begin(Session session, Wish wish) {
        synchronized (tracking) {
            wish.checkAgainst(tracking.of(session));
            tracking.begin(session, wish.options, wish.prefixes, wish.redirect);
        }
    }

    /// What a call of CLIENT TRACKING asks for.
    private static final class Wish {
        private final Set<Option> options = EnumSet.noneOf(Option.class);
        private final Set<Bytes> prefixes = new LinkedHashSet<>();
        private final List<Bytes> given = new ArrayList<>();
        private long redirect;

        void add(Options words) {
            String keyword = words.keyword();
            switch (keyword) {
                case "REDIRECT" -> {
                    if (!words.more()) throw words.unexpected();
                    if (redirect != 0)
                        throw new RespError(
                                "ERR A client can only redirect to a single other client");
                    redirect = words.integer();
                }
                case "PREFIX" -> {
                    if (!words.more()) throw words.unexpected();
                    Bytes prefix = Bytes.wrap(words.bytes().toArray());
                    given.add(prefix);
                    prefixes.add(prefix);
                }
                case "BCAST", "OPTIN", "OPTOUT", "NOLOOP" -> options.add(Option.valueOf(keyword));
                default -> throw words.unexpected();
            }
        }

        void checkRedirect(Tracking tracking) {
            if (redirect != 0 && tracking.find(redirect) == null)
                throw new RespError("ERR The client ID you want redirect to does not exist");
        }

        void checkAgainst(@Nullable TrackedClient present) {
            boolean isBroadcast = options.contains(Option.BCAST);
            if (!isBroadcast && !given.isEmpty())
                throw new RespError("ERR PREFIX option requires BCAST mode to be enabled");
            if (present != null && present.has(Option.BCAST) != isBroadcast)
                throw new RespError("ERR You can't switch BCAST mode on/off" + ANOTHER_MODE);
            boolean isIn = options.contains(Option.OPTIN);
            boolean isOut = options.contains(Option.OPTOUT);
            if (isBroadcast && (isIn || isOut))
                throw new RespError("ERR OPTIN and OPTOUT are not compatible with BCAST");
            if (isIn && isOut)
                throw new RespError("ERR You can't specify both OPTIN mode and OPTOUT mode");
            boolean switches =
                    present != null
                            && (isIn && present.has(Option.OPTOUT)
                                    || isOut && present.has(Option.OPTIN));
            if (switches)
                throw new RespError("ERR You can't switch OPTIN/OPTOUT mode" + ANOTHER_MODE);
            if (isBroadcast) checkPrefixes(present == null ? Set.of() : present.prefixes());
        }

        private void checkPrefixes(Set<Bytes> existing) {
            for (int i = 0; i < given.size(); i++) {
                for (Bytes other : existing)
                    if (overlap(given.get(i), other))
                        throw overlaps(given.get(i), "an existing", other);
                for (Bytes other : given.subList(i + 1, given.size()))
                    if (overlap(given.get(i), other))
                        throw overlaps(given.get(i), "another provided", other);
            }
        }

        private static boolean overlap(Bytes one, Bytes other) {
            int common = Math.min(one.length(), other.length());
            return one.slice(0, common).equals(other.slice(0, common));
        }

        private static RespError overlaps(Bytes prefix, String which, Bytes other) {
            return new RespError(
                    "ERR Prefix '"
                            + RespError.preview(prefix.toUtf8())
                            + "' overlaps with "
                            + which
                            + " prefix '"
                            + RespError.preview(other.toUtf8())
                            + "'. Prefixes for a single client must not overlap.");
        }
    }
}
