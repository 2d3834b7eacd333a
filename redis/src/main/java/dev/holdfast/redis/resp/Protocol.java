package dev.holdfast.redis.resp;

/// The version of the protocol that replies are written in.
public enum Protocol {
    /// What a connection starts with.
    RESP2,
    /// With maps, sets, doubles, booleans and nulls of their own.
    RESP3;

    /// The number that HELLO names it by.
    public int number() {
        return ordinal() + 2;
    }
}
