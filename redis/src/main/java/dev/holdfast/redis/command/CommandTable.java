package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every command there is, by name. Immutable.
public final class CommandTable {
    private final Map<String, Syntax> byName = new TreeMap<>();
    private final Syntax[][] buckets;

    public CommandTable(List<Syntax> commands) {
        for (Syntax command : commands)
            if (byName.put(command.name(), command) != null)
                throw new IllegalArgumentException("command declared twice: " + command.name());
        buckets = new Syntax[Integer.highestOneBit(Math.max(1, commands.size())) * 4][];
        List<List<Syntax>> filling = new ArrayList<>();
        for (int i = 0; i < buckets.length; i++) filling.add(new ArrayList<>());
        for (Syntax command : commands)
            filling.get(bucketOf(Bytes.utf8(command.name()))).add(command);
        for (int i = 0; i < buckets.length; i++) buckets[i] = filling.get(i).toArray(Syntax[]::new);
    }

    /// The command called `name`, in capitals or not; null if there is none.
    public @Nullable Syntax find(Bytes name) {
        for (Syntax command : buckets[bucketOf(name)])
            if (Numbers.isKeyword(name, command.name())) return command;
        return null;
    }

    /// The command or subcommand called `name`, as in `client|kill`; null if there is none.
    public @Nullable Syntax find(String name) {
        String[] parts = name.toUpperCase(Locale.ROOT).split("\\|", 2);
        Syntax command = byName.get(parts[0]);
        if (command == null || parts.length == 1) return command;
        for (Syntax subcommand : command.traits().subcommands())
            if (subcommand.name().equals(parts[1])) return subcommand;
        return null;
    }

    /// All commands, by name.
    public List<Syntax> all() {
        return List.copyOf(byName.values());
    }

    // Letters differ from their capitals in one bit, which the hash leaves out.
    private int bucketOf(Bytes name) {
        int hash = name.length();
        for (int i = 0; i < name.length(); i++) hash = 31 * hash + (name.at(i) & 0xdf);
        return (hash ^ hash >>> 15) & buckets.length - 1;
    }
}
