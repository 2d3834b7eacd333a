package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.redis.command.Access;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls that are run one after another in one run of the keyspace: they read one view, and what
/// they write is committed as one.
///
/// Each sees what those before it wrote; one that fails takes back what it wrote itself and nothing
/// else. The run may be repeated. Those of one client stand together, in its order. Not
/// thread-safe.
final class JoinedCalls {
    private static final int CALLS_MAX = 64;
    private static final int EXPECTED_MAX = 16;
    private static final long WORDS_BYTES_MAX = 256 * 1024;
    private static final long NANOS_MAX = 2_000_000; // what takes long is not worth a repetition

    private final Env env;
    private final long heldMax;
    private final List<Call> calls = new ArrayList<>();
    private long bytes;

    // of the present run, by call
    private final List<Answer> answers = new ArrayList<>();
    private long[] nanos = new long[16];

    /// One call, ready to be run.
    record Call(Session session, Syntax syntax, Command command, List<Bytes> words) {
        /// True if it may change data.
        boolean writes() {
            return syntax.traits().access() == Access.WRITE;
        }
    }

    /// What a call came to.
    ///
    /// @param reply null if it was not run, as it has to be run by itself, and all behind it of the
    ///   same client
    /// @param seq the highest sequence number of what it has read
    record Answer(@Nullable Reply reply, long seq) {
        private static final Answer NONE = new Answer(null, 0);
    }

    /// @param heldMax how many bytes a run holds before no other call is run in it
    JoinedCalls(Env env, long heldMax) {
        this.env = env;
        this.heldMax = heldMax;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /// True if no other call of one client should join.
    boolean isFull() {
        return CALLS_MAX <= calls.size() || WORDS_BYTES_MAX <= bytes;
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
    /// time has passed. Returns how many it has come by.
    int run(Keyspace keyspace, int first) {
        answers.clear();
        if (nanos.length < calls.size()) nanos = new long[calls.size() * 2];
        Session passed = null;
        long started = env.nanoTime();
        long now = started;
        for (int i = first; i < calls.size() && mayGoOn(keyspace, now - started); i++) {
            if ((i - first) % EXPECTED_MAX == 0) expect(keyspace, i);
            Call call = calls.get(i);
            Answer answer = call.session == passed ? Answer.NONE : run(keyspace, call);
            if (answer.reply == null) passed = call.session;
            answers.add(answer);
            long ended = env.nanoTime();
            nanos[i] = ended - now;
            now = ended;
        }
        return answers.size();
    }

    // Nearly all have a key right behind the name. For several at a time memory is waited for once.
    private void expect(Keyspace keyspace, int first) {
        int database = calls.get(first).session.database();
        List<Bytes> keys = new ArrayList<>();
        for (int i = first; i < calls.size() && keys.size() < EXPECTED_MAX; i++) {
            Call call = calls.get(i);
            if (call.session.database() == database && 1 < call.words.size())
                keys.add(call.words.get(1));
        }
        if (1 < keys.size()) keyspace.in(database).expect(keys);
    }

    private boolean mayGoOn(Keyspace keyspace, long nanos) {
        return keyspace.held() < heldMax && nanos < NANOS_MAX;
    }

    /// The run that began with the call at `first` took `all` nanoseconds: what was not spent in a
    /// call counts as the last one's.
    void tookInAll(int first, long all) {
        long rest = all;
        int last = first + answers.size() - 1;
        for (int i = first; i <= last; i++) rest -= nanos[i];
        nanos[last] += Math.max(0, rest);
    }

    private static Answer run(Keyspace keyspace, Call call) {
        Session session = call.session;
        Keyspace own = keyspace.in(session.database()).by(session.id());
        Keyspace looked = session.isTouching() ? own : own.aside();
        Reply reply;
        try {
            reply =
                    looked.call(at ->
                            call.command.run(
                                    call.writes()
                                            ? at.writing()
                                            : call.syntax.traits().access().on(at)));
        } catch (RespError error) {
            reply = Reply.error(error.text());
        } catch (OutOfReach _) {
            return Answer.NONE;
        }
        return new Answer(reply, keyspace.observedLately());
    }

    /// What the calls came to, from the one that was run first.
    List<Answer> answers() {
        return answers;
    }

    /// How long the call at `index` took.
    long nanos(int index) {
        return nanos[index];
    }

    void clear() {
        calls.clear();
        answers.clear();
        bytes = 0;
    }
}
