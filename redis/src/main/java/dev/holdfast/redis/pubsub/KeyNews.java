package dev.holdfast.redis.pubsub;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.signal.EventFilter;
import dev.holdfast.redis.signal.EventFilter.Channel;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.signal.KeyEvent;
import java.util.function.Supplier;

/// Publishes events on keys as `notify-keyspace-events` asks for. Thread-safe.
public final class KeyNews {
    private final Channels channels;
    private final Supplier<EventFilter> filter;

    public KeyNews(Channels channels, Supplier<EventFilter> filter) {
        this.channels = channels;
        this.filter = filter;
    }

    /// True if events of `kind` are published.
    public boolean wants(EventKind kind) {
        return filter.get().wants(kind);
    }

    /// Publishes `event`, to be told once `seq` is durable.
    public void publish(KeyEvent event, long seq) {
        EventFilter present = filter.get();
        if (!present.wants(event.kind())) return;
        Bytes name = Bytes.utf8(event.name());
        if (present.channels().contains(Channel.KEYSPACE))
            channels.publish(channel("__keyspace@", event, event.key()), name, seq);
        if (present.channels().contains(Channel.KEYEVENT))
            channels.publish(channel("__keyevent@", event, name), event.key(), seq);
    }

    private static Bytes channel(String prefix, KeyEvent event, Bytes rest) {
        Bytes head = Bytes.utf8(prefix + event.database() + "__:");
        byte[] channel = new byte[head.length() + rest.length()];
        head.copyTo(channel, 0);
        rest.copyTo(channel, head.length());
        return Bytes.wrap(channel);
    }
}
