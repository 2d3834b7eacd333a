package dev.holdfast.redis.watch;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Outbox;
import dev.holdfast.redis.command.Outbox.Message;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Those who look on at every call. Thread-safe.
///
/// Nobody waits for them: a call is added to their outboxes, and whoever takes it too slowly is cut
/// off. What is shown of a call is bounded.
final class Monitors {
    private static final String OWNER = "monitor";
    private static final int CALL_BYTES_MAX = 1 << 20;
    private static final long MESSAGE_OVERHEAD = 64;

    private final Outbox.Limit slow;
    private final Set<Session> looking = new LinkedHashSet<>(); // guarded by this
    private volatile boolean isEmpty = true;

    Monitors(Outbox.Limit slow) {
        this.slow = slow;
    }

    /// True if nobody looks on.
    boolean isEmpty() {
        return isEmpty;
    }

    /// From now on `session` looks on.
    synchronized void add(Session session) {
        looking.add(session);
        isEmpty = false;
        session.lookOn();
        session.onLeave(OWNER, () -> remove(session));
    }

    private synchronized void remove(Session session) {
        looking.remove(session);
        isEmpty = looking.isEmpty();
    }

    /// Shows a call of `from` at `micros` since the Unix epoch.
    void tell(String from, List<Bytes> call, long micros) {
        String line = line(from, ShownWords.of(call), micros);
        var message = new Message(Reply.simple(line), 0, line.length() + MESSAGE_OVERHEAD);
        synchronized (this) {
            for (Session session : looking) {
                long waiting = session.outbox().add(message);
                session.peer().wake();
                slow.check(session, waiting);
            }
        }
    }

    private static String line(String from, List<Bytes> call, long micros) {
        var line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%d.%06d", micros / 1_000_000, micros % 1_000_000));
        line.append(" [").append(from).append(']');
        int left = CALL_BYTES_MAX;
        for (int i = 0; i < call.size(); i++) {
            if (left == 0) {
                line.append(" \"... (").append(call.size() - i).append(" more arguments)\"");
                break;
            }
            Bytes word = call.get(i);
            int shown = Math.min(left, word.length());
            line.append(" \"");
            for (int at = 0; at < shown; at++) append(line, word.at(at));
            int hidden = word.length() - shown;
            if (0 < hidden) line.append("... (").append(hidden).append(" more bytes)");
            line.append('"');
            left -= shown;
        }
        return line.toString();
    }

    private static void append(StringBuilder line, byte letter) {
        switch (letter) {
            case '\\', '"' -> line.append('\\').append((char) letter);
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            case 7 -> line.append("\\a");
            case '\b' -> line.append("\\b");
            default -> {
                if (' ' <= letter && letter <= '~') line.append((char) letter);
                else line.append(String.format(Locale.ROOT, "\\x%02x", letter & 0xff));
            }
        }
    }
}
