package dev.holdfast.redis.command;

/// Makes a call out of its words.
@FunctionalInterface
public interface Parser {
    /// The call; throws `RespError` where the words are wrong. The number of words was checked.
    Invocation parse(Words words);
}
