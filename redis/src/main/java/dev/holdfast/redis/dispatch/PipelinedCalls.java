package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Access;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;

/// Calls of one pipeline that are run one after another in one run of the keyspace: they read one
/// view, and what they write is committed as one.
///
/// Each sees what those before it wrote; one that fails takes back what it wrote itself and nothing
/// else. The run may be repeated. Of one connection; not thread-safe.
final class PipelinedCalls {
    private static final int CALLS_MAX = 64;
    private static final long WORDS_BYTES_MAX = 256 * 1024;
    private static final long HELD_BYTES_MAX = 32 * 1024;
    private static final long NANOS_MAX = 2_000_000; // what takes long is not worth a repetition

    private final Session session;
    private final Env env;
    private final List<Call> calls = new ArrayList<>();
    private long bytes;

    // of the present run, by call
    private final List<Reply> replies = new ArrayList<>();
    private final long[] nanos = new long[CALLS_MAX];

    /// One call, ready to be run.
    record Call(Syntax syntax, Command command, List<Bytes> words) {}

    PipelinedCalls(Session session, Env env) {
        this.session = session;
        this.env = env;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /// True if no other call should join.
    boolean isFull() {
        return calls.size() == CALLS_MAX || WORDS_BYTES_MAX <= bytes;
    }

    void add(Call call) {
        calls.add(call);
        for (Bytes word : call.words) bytes += word.length();
    }

    /// The calls, in order.
    List<Call> calls() {
        return calls;
    }

    /// Runs calls from `first` on in the run of `keyspace`, but no more once much is held or much
    /// time has passed. Returns how many answered.
    int run(Keyspace keyspace, int first) {
        replies.clear();
        keyspace.by(session.id());
        Keyspace looked = session.isTouching() ? keyspace : keyspace.aside();
        long started = env.nanoTime();
        long now = started;
        for (int i = first; i < calls.size() && mayGoOn(keyspace, now - started); i++) {
            replies.add(run(looked, calls.get(i)));
            long ended = env.nanoTime();
            nanos[i] = ended - now;
            now = ended;
        }
        return replies.size();
    }

    private static boolean mayGoOn(Keyspace keyspace, long nanos) {
        return keyspace.held() < HELD_BYTES_MAX && nanos < NANOS_MAX;
    }

    /// The run that began with the call at `first` took `all` nanoseconds: what was not spent in a
    /// call counts as the last one's.
    void tookInAll(int first, long all) {
        long rest = all;
        int last = first + replies.size() - 1;
        for (int i = first; i <= last; i++) rest -= nanos[i];
        nanos[last] += Math.max(0, rest);
    }

    private static Reply run(Keyspace keyspace, Call call) {
        Access access = call.syntax.traits().access();
        try {
            return keyspace.call(within ->
                    call.command.run(
                            access == Access.WRITE ? within.writing() : access.on(within)));
        } catch (RespError error) {
            return Reply.error(error.text());
        }
    }

    /// What the calls answered, from the one that was run first.
    List<Reply> replies() {
        return replies;
    }

    /// How long the call at `index` took.
    long nanos(int index) {
        return nanos[index];
    }

    void clear() {
        calls.clear();
        replies.clear();
        bytes = 0;
    }
}
