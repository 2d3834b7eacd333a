package dev.holdfast.redis.config;

/// A parameter of Redis that changes nothing here. Clients and tools ask for it and set it all the
/// same.
///
/// @param value what CONFIG GET shows at first
/// @param rule which values it takes
public record KnownParameter(String name, String value, Rule rule) {
    /// Which values a parameter takes.
    public sealed interface Rule {
        /// `yes` or `no`.
        record YesNo() implements Rule {}

        /// A whole number from `least` to `most`.
        record Whole(long least, long most) implements Rule {}

        /// None: it cannot change while a server runs, in Redis neither.
        record Fixed() implements Rule {}

        /// None: Redis refuses it as well unless it was started otherwise.
        record Protected() implements Rule {}

        /// The one that it has: another would promise what is not done here.
        record Only(String why) implements Rule {}

        /// Those of the parameter `name`, which it is another name of.
        record SameAs(String name) implements Rule {}
    }
}
