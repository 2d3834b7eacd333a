package dev.holdfast.redis.differential;

import java.util.List;
import java.util.Map;

/// Calls of one family of commands, drawn at random, and how their replies are compared.
interface Family {
    /// The next call: mostly sensible, some not. Each character of a word is a byte.
    List<String> next(Dice dice);

    /// How replies of commands are compared, by name in capitals, where they are not just equal. A
    /// name and a subcommand come before the name alone.
    Map<String, Rule> rules();
}
