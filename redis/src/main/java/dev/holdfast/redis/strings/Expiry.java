package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.resp.RespError;

/// When a string shall cease to exist, as an option of SET or GETEX says it.
///
/// @param amount not yet read as a number: GETEX looks at it only where there is a key
record Expiry(Unit unit, Bytes amount) {
    /// What the amount counts, and from when.
    enum Unit {
        EX(1000, true),
        PX(1, true),
        EXAT(1000, false),
        PXAT(1, false);

        private final long millis;
        private final boolean isRelative;

        Unit(long millis, boolean isRelative) {
            this.millis = millis;
            this.isRelative = isRelative;
        }
    }

    /// The time in milliseconds since the Unix epoch; an error in the name of `command` if it is
    /// not positive or too far away.
    long atMillis(long nowMillis, String command) {
        long number = Numbers.integer(amount, RespError.NOT_AN_INTEGER);
        if (number <= 0 || Long.MAX_VALUE / unit.millis < number)
            throw RespError.invalidExpire(command);
        long millis = number * unit.millis;
        if (!unit.isRelative) return millis;
        if (Long.MAX_VALUE - nowMillis < millis) throw RespError.invalidExpire(command);
        return nowMillis + millis;
    }
}
