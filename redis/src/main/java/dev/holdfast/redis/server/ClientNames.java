package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;

/// Names that clients may give themselves: they stand in one line with others, blanks between them.
final class ClientNames {
    private ClientNames() {}

    /// `name`, if it can be told apart in CLIENT LIST.
    static Bytes checked(Bytes name) {
        if (!isPlain(name))
            throw new RespError(
                    "ERR Client names cannot contain spaces, newlines or special characters.");
        return name;
    }

    /// True if `text` has neither blanks nor anything that does not print.
    static boolean isPlain(Bytes text) {
        for (int i = 0; i < text.length(); i++)
            if (text.at(i) < '!' || '~' < text.at(i)) return false;
        return true;
    }
}
