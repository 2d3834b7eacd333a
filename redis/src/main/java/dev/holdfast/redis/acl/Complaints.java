package dev.holdfast.redis.acl;

/// What can be wrong with a rule, as Redis says it.
final class Complaints {
    static final String SYNTAX = "Syntax error";
    static final String UNKNOWN = "Unknown command or category name in ACL";
    static final String FIRST_WORD_OF_SUBCOMMAND =
            "Allowing first-arg of a subcommand is not supported";
    static final String ALL_KEYS =
            "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not"
                    + " have any effect. Try 'resetkeys' to start with an empty list of patterns";
    static final String ALL_CHANNELS =
            "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does"
                    + " not have any effect. Try 'resetchannels' to start with an empty list of"
                    + " channels";
    static final String BAD_HASH =
            "The password hash must be exactly 64 characters and contain only lowercase"
                    + " hexadecimal characters";
    static final String NO_SUCH_PASSWORD =
            "The password you are trying to remove from the user does not exist";
    static final String TOO_MANY = "Too many of these for one user";
    static final String TOO_LONG = "Too long";

    private Complaints() {}
}
