package dev.holdfast.redis.watch;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The words of a call as people other than its client may see them: secrets are left out.
final class ShownWords {
    private static final Bytes REDACTED = Bytes.utf8("(redacted)");
    private static final Set<String> SECRETS =
            Set.of(
                    "requirepass",
                    "masterauth",
                    "masteruser",
                    "tls-key-file-pass",
                    "tls-client-key-file-pass");

    private ShownWords() {}

    static List<Bytes> of(List<Bytes> call) {
        Words words = Words.of(call);
        return switch (call.getFirst().toUtf8().toUpperCase(Locale.ROOT)) {
            case "AUTH" -> redacted(call, 1, call.size());
            case "HELLO" -> afterKeyword(call, "AUTH", 2);
            case "MIGRATE" -> afterKeyword(afterKeyword(call, "AUTH", 1), "AUTH2", 2);
            case "ACL" -> words.is(0, "SETUSER") ? redacted(call, 2, call.size()) : call;
            case "CONFIG" -> words.is(0, "SET") ? withoutSecrets(call) : call;
            default -> call;
        };
    }

    private static List<Bytes> withoutSecrets(List<Bytes> call) {
        List<Bytes> shown = new ArrayList<>(call);
        for (int i = 2; i + 1 < call.size(); i += 2)
            if (SECRETS.contains(call.get(i).toUtf8().toLowerCase(Locale.ROOT)))
                shown.set(i + 1, REDACTED);
        return shown;
    }

    private static List<Bytes> afterKeyword(List<Bytes> call, String keyword, int count) {
        Words words = Words.of(call);
        for (int i = 0; i < words.count(); i++)
            if (words.is(i, keyword))
                return redacted(call, i + 2, Math.min(i + 2 + count, call.size()));
        return call;
    }

    private static List<Bytes> redacted(List<Bytes> call, int from, int to) {
        List<Bytes> shown = new ArrayList<>(call);
        for (int i = from; i < to; i++) shown.set(i, REDACTED);
        return shown;
    }
}
