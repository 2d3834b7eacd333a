package dev.holdfast.redis.resp;

import dev.holdfast.base.Bytes;

/// An error that goes to the client as it stands: a code in capitals, a blank, a text.
///
/// Thrown where a command finds that it cannot be done; nothing was applied. It carries no stack:
/// it is an answer, not an accident.
public final class RespError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// The option or the combination of options does not exist.
    public static final String SYNTAX = "ERR syntax error";

    /// A word should have been a signed 64-bit integer.
    public static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";

    /// A word should have been a floating-point number.
    public static final String NOT_A_FLOAT = "ERR value is not a valid float";

    /// The key holds a value of another type.
    public static final String WRONG_TYPE =
            "WRONGTYPE Operation against a key holding the wrong kind of value";

    /// How an error begins that says that memory cannot hold what would have to be held.
    public static final String OUT_OF_MEMORY = "OOM ";

    /// The command needs a key that exists.
    public static final String NO_SUCH_KEY = "ERR no such key";

    /// A string would grow over the largest that a bulk may be.
    public static final String STRING_TOO_LONG =
            "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

    /// An offset is negative or too large.
    public static final String OFFSET_OUT_OF_RANGE = "ERR offset is out of range";

    /// A counter would leave the range of 64 bits.
    public static final String OVERFLOW = "ERR increment or decrement would overflow";

    /// A floating-point counter would leave the numbers.
    public static final String NOT_A_NUMBER = "ERR increment would produce NaN or Infinity";

    /// A database index does not exist.
    public static final String DB_OUT_OF_RANGE = "ERR DB index is out of range";

    /// A value that another server wrote is not what it should be.
    public static final String BAD_DATA = "ERR Bad data format";

    private static final int PREVIEW_MAX = 128;

    public RespError(String text) {
        super(text, null, false, false);
    }

    /// Code and text, without the leading dash and the line end.
    public String text() {
        return getMessage();
    }

    /// The error of an expiry that is not positive or too far away.
    public static RespError invalidExpire(String command) {
        return new RespError("ERR invalid expire time in '" + command + "' command");
    }

    /// The error of a call with too few or too many words.
    public static RespError arity(String command) {
        return new RespError("ERR wrong number of arguments for '" + command + "' command");
    }

    /// The error of a container that is called with a subcommand which it has not.
    public static RespError unknownSubcommand(String container, String word) {
        return new RespError(
                "ERR unknown subcommand '" + preview(word) + "'. Try " + container + " HELP.");
    }

    /// A word that is quoted whole in an error: it ends where a string of C would.
    public static String quoted(Bytes word) {
        int end = 0;
        while (end < word.length() && word.at(end) != 0) end++;
        return word.slice(0, end).toUtf8();
    }

    /// The beginning of a word that is quoted in an error.
    public static String preview(String word) {
        return word.length() <= PREVIEW_MAX ? word : word.substring(0, PREVIEW_MAX);
    }
}
