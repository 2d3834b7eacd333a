package dev.holdfast.redis.watch;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The calls of late that took long, the newest first. Thread-safe.
///
/// Bounded: in calls by the parameter and by a bound of its own, in words and bytes of each.
public final class Slowlog {
    /// The most calls that are kept, whatever the parameter says.
    static final int CALLS_MAX = 16_384;

    private static final int WORDS_MAX = 32;
    private static final int WORD_BYTES_MAX = 128;

    private final WatchSettings settings;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(); // guarded by this
    private long nextId; // guarded by this

    /// A slow call.
    ///
    /// @param seconds when, since the Unix epoch
    record Entry(long id, long seconds, long micros, List<Bytes> words, Client client) {}

    /// Who made a call.
    record Client(String address, Bytes name) {
        static Client of(Session session) {
            return new Client(session.peer().remoteAddress(), session.name());
        }
    }

    Slowlog(WatchSettings settings) {
        this.settings = settings;
    }

    /// True if a call that took `nanos` is slow.
    boolean wants(long nanos) {
        long least = settings.slowMicros();
        return 0 <= least && least <= nanos / 1_000;
    }

    /// Notes a slow call.
    synchronized void add(Client client, List<Bytes> call, long seconds, long micros) {
        entries.addFirst(new Entry(nextId++, seconds, micros, shortened(call), client));
        long most = Math.min(CALLS_MAX, settings.slowCallsMax());
        while (most < entries.size()) entries.removeLast();
    }

    /// The newest `count` calls, or all if it is negative.
    synchronized List<Entry> newest(long count) {
        List<Entry> newest = new ArrayList<>();
        Iterator<Entry> each = entries.iterator();
        while (each.hasNext() && (count < 0 || newest.size() < count)) newest.add(each.next());
        return newest;
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized void clear() {
        entries.clear();
    }

    private static List<Bytes> shortened(List<Bytes> call) {
        List<Bytes> words = new ArrayList<>();
        boolean isLong = WORDS_MAX < call.size();
        int shown = isLong ? WORDS_MAX - 1 : call.size();
        for (Bytes word : ShownWords.of(call).subList(0, shown)) words.add(shortened(word));
        if (isLong) words.add(Bytes.utf8("... (" + (call.size() - shown) + " more arguments)"));
        return List.copyOf(words);
    }

    // A copy in any case: a word is part of what was read from the socket.
    private static Bytes shortened(Bytes word) {
        if (word.length() <= WORD_BYTES_MAX) return Bytes.wrap(word.toArray());
        int left = word.length() - WORD_BYTES_MAX;
        Bytes rest = Bytes.utf8("... (" + left + " more bytes)");
        byte[] shown = new byte[WORD_BYTES_MAX + rest.length()];
        word.slice(0, WORD_BYTES_MAX).copyTo(shown, 0);
        rest.copyTo(shown, WORD_BYTES_MAX);
        return Bytes.wrap(shown);
    }
}
