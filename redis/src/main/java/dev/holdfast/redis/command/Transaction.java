package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.Keyspace.Watched;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;

/// What a client watches, and what it has called since MULTI.
///
/// Changed by the connection's own thread only; [#size] may be asked by any.
public final class Transaction {
    /// The most bytes of calls that are held: no batch can be larger either.
    static final long BYTES_MAX = 512L << 20;

    private static final int WATCHED_MAX = 65_536;
    private static final long WORD_OVERHEAD = 48;

    private final List<Queued> queued = new ArrayList<>();
    private final List<Watched> watched = new ArrayList<>();
    private boolean isBroken;
    private long bytes;
    private volatile int size = -1;

    /// A call that waits for EXEC, with its name first.
    public record Queued(Syntax syntax, List<Bytes> words) {}

    /// True between MULTI and EXEC.
    public boolean isOpen() {
        return 0 <= size;
    }

    /// How many calls wait; -1 outside of MULTI.
    public int size() {
        return size;
    }

    /// How many bytes the calls that wait take.
    public long bytes() {
        return bytes;
    }

    /// Gathers calls from now on.
    public void open() {
        size = 0;
    }

    /// A call was refused while it should have been gathered: EXEC will refuse the rest.
    public void fail() {
        isBroken = true;
    }

    /// True if a call was refused.
    public boolean isBroken() {
        return isBroken;
    }

    /// Gathers a call. An error if there are too many of them.
    public void add(Syntax syntax, List<Bytes> words) {
        for (Bytes word : words) bytes += word.length() + WORD_OVERHEAD;
        if (BYTES_MAX < bytes) {
            end();
            open();
            fail();
            throw new RespError("ERR transaction too large, max=" + BYTES_MAX + " bytes");
        }
        queued.add(new Queued(syntax, List.copyOf(words)));
        size = queued.size();
    }

    /// The calls in their order.
    public List<Queued> queued() {
        return List.copyOf(queued);
    }

    /// Watches a key, unless it is watched already.
    public void watch(Watched key) {
        for (Watched known : watched) if (known.isOf(key.database(), key.key())) return;
        if (watched.size() == WATCHED_MAX) throw new RespError("ERR too many watched keys");
        watched.add(key);
    }

    /// What is watched.
    public List<Watched> watched() {
        return List.copyOf(watched);
    }

    /// Watches nothing any more.
    public void unwatch() {
        watched.clear();
    }

    /// Forgets everything.
    public void end() {
        queued.clear();
        watched.clear();
        isBroken = false;
        bytes = 0;
        size = -1;
    }
}
