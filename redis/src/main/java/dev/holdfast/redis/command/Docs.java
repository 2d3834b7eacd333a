package dev.holdfast.redis.command;

/// What COMMAND DOCS tells of a command.
///
/// @param usage the arguments in the manual's notation, such as `key [EX seconds | PX millis]`
public record Docs(Group group, String since, String complexity, String summary, String usage) {}
