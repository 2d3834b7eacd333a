package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.AclLog.Attempt;
import dev.holdfast.redis.acl.AclLog.Place;
import dev.holdfast.redis.acl.Denial.Reason;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Syntax;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks of every call whether the client's user may make it, and notes those that it may not.
/// Thread-safe.
public final class Guard {
    private final Supplier<Users> users;
    private final AclLog log;
    private final Function<Session, String> describe;

    /// @param users asked only when there are clients
    /// @param describe tells of a client in one line
    public Guard(Supplier<Users> users, AclLog log, Function<Session, String> describe) {
        this.users = users;
        this.log = log;
        this.describe = describe;
    }

    /// A new client, or one that starts over, needs no password if none is asked for.
    public void welcome(Session session) {
        if (users.get().areOpen()) session.authenticate(Session.DEFAULT_USER);
    }

    /// True if the client has given a password, or needs none by now.
    public boolean letsIn(Session session) {
        if (!session.isAuthenticated()) welcome(session);
        return session.isAuthenticated();
    }

    /// True if nobody is asked for a password.
    public boolean isOpenToAll() {
        return users.get().areOpen();
    }

    /// Makes the client act as `user` if `password` proves that it is; false if not.
    ///
    /// @param command that it tries with, in small letters
    public boolean logIn(Session session, String user, Bytes password, String command) {
        if (users.get().accepts(user, password)) {
            session.authenticate(user);
            return true;
        }
        Place place = session.transaction().isOpen() ? Place.MULTI : Place.TOPLEVEL;
        note(session, new Attempt(Reason.AUTH, place, Bytes.utf8(command), user));
        return false;
    }

    /// Why the client may not make `call`, which calls `command`; null if it may. Of a container it
    /// is the subcommand that counts.
    public @Nullable Denial denial(Session session, Syntax command, List<Bytes> call, Place place) {
        User user = users.get().find(session.user());
        Denial denial = user == null ? Denial.COMMAND : user.denial(command.calledBy(call), call);
        if (denial == null) return null;
        Bytes object =
                denial.reason() == Reason.COMMAND
                        ? Bytes.utf8(command.nameIn(call))
                        : call.get(denial.place());
        note(session, new Attempt(denial.reason(), place, object, session.user()));
        return denial;
    }

    /// True if the client may make `call`, which calls `command`. Notes nothing.
    public boolean allows(Session session, Syntax command, List<Bytes> call) {
        User user = users.get().find(session.user());
        return user != null && user.denial(command.calledBy(call), call) == null;
    }

    private void note(Session session, Attempt attempt) {
        log.add(attempt, describe.apply(session));
    }
}
