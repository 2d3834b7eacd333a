package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.config.MemoryWord;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The value of `client-output-buffer-limit`: how much may wait for a client of each class.
///
/// The limits of normal clients and of replicas are kept and shown only: normal ones have
/// `reply-bytes-max`, and there are no replicas.
record OutputLimits(Limit normal, Limit replica, Limit pubsub) {
    static final String DEFAULT =
            "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60";

    private static final List<String> CLASSES = List.of("normal", "slave", "replica", "pubsub");

    /// The limit of one class; 0 for none.
    record Limit(long hardBytes, long softBytes, long softSeconds) {
        boolean isOverHard(long bytes) {
            return 0 < hardBytes && hardBytes <= bytes;
        }

        boolean isOverSoft(long bytes) {
            return 0 < softBytes && softBytes <= bytes;
        }

        private String text() {
            return hardBytes + " " + softBytes + " " + softSeconds;
        }
    }

    /// These limits with those that `text` names changed; null if it is not well-formed.
    @Nullable OutputLimits changed(String text) {
        String[] words = text.isBlank() ? new String[0] : text.strip().split("\\s+");
        if (words.length % 4 != 0) return null;
        OutputLimits limits = this;
        for (int i = 0; i < words.length; i += 4) {
            Long hard = MemoryWord.bytes(words[i + 1]);
            Long soft = MemoryWord.bytes(words[i + 2]);
            Long seconds = Numbers.integerOrNull(Bytes.utf8(words[i + 3]));
            if (hard == null || soft == null || seconds == null || seconds < 0) return null;
            limits = limits.with(words[i].toLowerCase(Locale.ROOT), new Limit(hard, soft, seconds));
            if (limits == null) return null;
        }
        return limits;
    }

    /// Why `text` is not well-formed.
    static String complaint(String text) {
        String[] words = text.strip().split("\\s+");
        if (words.length % 4 != 0)
            return "Wrong number of arguments in buffer limit configuration.";
        for (int i = 0; i < words.length; i += 4)
            if (!CLASSES.contains(words[i].toLowerCase(Locale.ROOT)))
                return "Invalid client class specified in buffer limit configuration.";
        return "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
    }

    static OutputLimits defaults() {
        Limit none = new Limit(0, 0, 0);
        OutputLimits limits = new OutputLimits(none, none, none).changed(DEFAULT);
        if (limits == null) throw new AssertionError(DEFAULT);
        return limits;
    }

    private @Nullable OutputLimits with(String name, Limit limit) {
        return switch (name) {
            case "normal" -> new OutputLimits(limit, replica, pubsub);
            case "slave", "replica" -> new OutputLimits(normal, limit, pubsub);
            case "pubsub" -> new OutputLimits(normal, replica, limit);
            default -> null;
        };
    }

    String text() {
        return "normal " + normal.text() + " slave " + replica.text() + " pubsub " + pubsub.text();
    }
}
