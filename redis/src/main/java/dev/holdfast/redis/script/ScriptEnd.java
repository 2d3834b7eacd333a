package dev.holdfast.redis.script;

/// The end of a script that somebody else has decided on. No script catches it.
final class ScriptEnd extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Why why;

    /// Who has decided.
    enum Why {
        /// SCRIPT KILL or FUNCTION KILL.
        KILLED,
        /// The server stops, or the client was cut off: what the script staged is dropped.
        STOPPED
    }

    ScriptEnd(Why why) {
        super(why.name(), null, false, false);
        this.why = why;
    }

    Why why() {
        return why;
    }
}
