package dev.holdfast.simulation.replay;

/// What the command line asks for.
///
/// @param history the name of a history; empty for a verb that needs none
/// @param firstSeed the first seed to tell, and
/// @param lastSeed the last one
record Request(Verb verb, String history, long firstSeed, long lastSeed) {
    /// What to do.
    enum Verb {
        HELP,
        LIST,
        /// Print every event of a run.
        TELL,
        /// Print every event, and every turn of a thread.
        STEPS,
        /// Print the hash of each run.
        HASH
    }

    /// Throws [IllegalArgumentException] if it can not be understood.
    static Request parse(String... words) {
        Verb verb = Verb.TELL;
        String history = "";
        String seeds = "0";
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "-h", "--help" -> verb = Verb.HELP;
                case "--list" -> verb = Verb.LIST;
                case "--hash" -> verb = Verb.HASH;
                case "--steps" -> verb = Verb.STEPS;
                case "--seed" -> {
                    if (++i == words.length) throw new IllegalArgumentException("--seed of what?");
                    seeds = words[i];
                }
                default -> {
                    if (words[i].startsWith("-") || !history.isEmpty()) {
                        throw new IllegalArgumentException("not understood: " + words[i]);
                    }
                    history = words[i];
                }
            }
        }
        boolean needsNone = verb == Verb.HELP || verb == Verb.LIST;
        if (history.isEmpty() && !needsNone) return new Request(Verb.HELP, "", 0, 0);
        String[] range = seeds.split("\\.\\.", 2);
        long first = Long.parseLong(range[0]);
        return new Request(verb, history, first, Long.parseLong(range[range.length - 1]));
    }
}
