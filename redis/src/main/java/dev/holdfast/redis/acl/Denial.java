package dev.holdfast.redis.acl;

/// Why a call may not be made.
///
/// @param place of the word that is not allowed, counted from the command's name at 0
/// @param asker the part of the call that asks for any key; empty where a word is to blame
public record Denial(Reason reason, int place, String asker) {
    static final Denial COMMAND = new Denial(Reason.COMMAND, 0, "");

    /// What of a call is not allowed; of several, the last one here tells most.
    public enum Reason {
        COMMAND,
        KEY,
        AUTH,
        CHANNEL;

        /// The name as ACL LOG shows it.
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static Denial key(int place) {
        return new Denial(Reason.KEY, place, "");
    }

    static Denial everyKey(String asker) {
        return new Denial(Reason.KEY, 0, asker);
    }

    static Denial channel(int place) {
        return new Denial(Reason.CHANNEL, place, "");
    }

    /// Whichever of the two tells more of how near the call came to being allowed.
    Denial orNearer(Denial other) {
        int order = reason.compareTo(other.reason);
        if (order == 0) return place < other.place ? other : this;
        return order < 0 ? other : this;
    }

    /// The error that a client gets who calls `command`.
    public String text(String command) {
        if (!asker.isEmpty())
            return "ERR " + asker + " denied due to insufficient ACL permissions.";
        return switch (reason) {
            case COMMAND, AUTH ->
                    "NOPERM this user has no permissions to run the '" + command + "' command";
            case KEY ->
                    "NOPERM this user has no permissions to access one of the keys used as"
                            + " arguments";
            case CHANNEL ->
                    "NOPERM this user has no permissions to access one of the channels used as"
                            + " arguments";
        };
    }

    /// The error where a call was allowed when it was queued, and is not any more.
    public String textInTransaction() {
        return "NOPERM ACLs rules changed between the moment the transaction was accumulated and"
                + " the EXEC call. This command is no longer allowed for the following reason: "
                + switch (reason) {
                    case COMMAND, AUTH -> "no permission to execute the command or subcommand";
                    case KEY -> "no permission to touch the specified keys";
                    case CHANNEL -> "no permission to access one of the channels used as arguments";
                };
    }

    /// The error where a script makes the call.
    public String textInScript() {
        return switch (reason) {
            case COMMAND, AUTH ->
                    "ERR The user executing the script can't run this command or subcommand";
            case KEY ->
                    "ERR The user executing the script can't access at least one of the keys"
                            + " mentioned in the command arguments";
            case CHANNEL ->
                    "ERR The user executing the script can't publish to the channel mentioned in"
                            + " the command";
        };
    }

    /// What ACL DRYRUN tells.
    ///
    /// @param object the word to blame
    String textOfDryRun(String command, String object) {
        if (!asker.isEmpty()) return "This user has no permissions to use the " + asker;
        return "This user has no permissions to "
                + switch (reason) {
                    case COMMAND, AUTH -> "run the '" + command + "' command";
                    case KEY -> "access the '" + object + "' key";
                    case CHANNEL -> "access the '" + object + "' channel";
                };
    }
}
