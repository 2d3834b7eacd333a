package dev.holdfast.redis.transfer;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Executed;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.transfer.MigrateCall.Choice;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `MIGRATE ...`: moves keys to another server, of Redis or of this kind.
///
/// Invariants:
/// 1. A key goes from here only after the target has said that it has it: if the answer is lost, it
///    is here, and may be there.
/// 2. A key that was changed here while it was under way stays as it was changed, and the call is
///    answered so.
/// 3. Nothing is held while the target is waited for, but what is under way.
public final class MigrateCommand {
    private static final int BATCH_KEYS_MAX = 100;
    private static final long BATCH_BYTES_MAX = 1 << 20;
    private static final String[] USED = {"RW", "access", "delete"};
    private static final Reply NO_KEY = Reply.simple("NOKEY");

    private final Env env;
    private final Keyspaces keyspaces;

    public MigrateCommand(Env env, Keyspaces keyspaces) {
        this.env = env;
        this.keyspaces = keyspaces;
    }

    /// The command.
    public Syntax syntax() {
        return Syntax.write(
                        "MIGRATE",
                        -6,
                        words -> {
                            MigrateCall call = MigrateCall.of(words);
                            return (SessionCommand) session -> run(session, call);
                        })
                .flags(Flag.NO_MULTI)
                .categories(Category.KEYSPACE, Category.DANGEROUS)
                .keys(
                        KeySpec.at(3, USED).readBy(MigrateCommand::keys),
                        new KeySpec(
                                new KeySpec.Search.After("KEYS", -2),
                                new KeySpec.Find.Range(-1, 1, 0),
                                List.of("RW", "access", "delete", "incomplete"),
                                _ -> List.of()))
                .docs(
                        Group.GENERIC,
                        "2.6.0",
                        "This command actually executes a DUMP+DEL in the source instance, and a"
                                + " RESTORE in the target instance. See the pages of these commands"
                                + " for time complexity.",
                        "Atomically transfer a key from a Redis instance to another one.",
                        "host port key|\"\" destination-db timeout [COPY] [REPLACE]"
                                + " [AUTH password] [AUTH2 username password]"
                                + " [KEYS key [key ...]]");
    }

    // The one that is named, or all behind KEYS.
    private static List<KeySpec.Use> keys(List<Bytes> call) {
        if (call.size() < 4) return List.of();
        int from = 3;
        int to = 4;
        for (int i = 6; i + 1 < call.size() && call.get(3).isEmpty() && from == 3; i++) {
            if (!Numbers.isKeyword(call.get(i), "KEYS")) continue;
            from = i + 1;
            to = call.size();
        }
        List<KeySpec.Use> uses = new ArrayList<>();
        for (int i = from; i < to; i++) uses.add(new KeySpec.Use(i, USED));
        return uses;
    }

    private Reply run(Session session, MigrateCall call) {
        try {
            Move move = new Move(session, call);
            Reply reply = move.run();
            session.blockOn(new Finished(reply, move.seq));
            return Reply.NONE;
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new RespError("IOERR the server stops, the keys are here");
        }
    }

    /// An answer that waits for nothing but its durability.
    private record Finished(Reply reply, long seq) implements Session.Block {
        @Override
        public long nanosLeft(long nowNanos) {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean isOver() {
            return true;
        }

        @Override
        public boolean expire() {
            return false;
        }

        @Override
        public boolean end(Reply answer) {
            return false;
        }
    }

    /// A key under way.
    private record Parcel(Bytes key, Bytes payload, long expireAtMillis, Keyspace.Watched before) {}

    /// Some keys under way, and where the next ones begin.
    private record Load(List<Parcel> parcels, int next) {}

    /// One call, while it runs.
    private final class Move {
        private final Session session;
        private final MigrateCall call;
        private long seq;
        private @Nullable Reply wrong; // the first thing that the target did not take

        Move(Session session, MigrateCall call) {
            this.session = session;
            this.call = call;
        }

        Reply run() throws InterruptedException {
            Load load = take(0);
            if (load.parcels.isEmpty()) return NO_KEY;
            MigrateCall.Target to = call.target();
            try (TargetServer target =
                    TargetServer.connect(env, to.host(), to.port(), to.patience())) {
                return run(target, load);
            } catch (ConnectException refused) {
                return unsent();
            } catch (IOException failure) {
                return Reply.error("IOERR error or timeout connecting to the client");
            }
        }

        private Reply run(TargetServer target, Load first) throws InterruptedException {
            Reply refusal = greet(target);
            for (Load load = first; refusal == null && !load.parcels.isEmpty(); ) {
                refusal = deliver(target, load.parcels);
                if (refusal == null) load = take(load.next);
            }
            if (refusal != null) return refusal;
            return wrong == null ? Reply.OK : wrong;
        }

        // As many of the keys from `from` on as are sent together.
        private Load take(int from) throws InterruptedException {
            Executed<Load> taken =
                    keyspaces.execute(session.database(), keyspace -> take(keyspace, from));
            seq = Math.max(seq, taken.seq());
            return taken.result();
        }

        private Load take(Keyspace keyspace, int from) {
            List<Parcel> parcels = new ArrayList<>();
            long bytes = 0;
            int next = from;
            while (next < call.keys().size()
                    && parcels.size() < BATCH_KEYS_MAX
                    && bytes < BATCH_BYTES_MAX) {
                Bytes key = call.keys().get(next++);
                Meta meta = keyspace.find(key);
                if (meta == null) continue;
                Bytes payload = Dump.of(keyspace, key, meta);
                keyspace.hold(payload.length());
                bytes += payload.length();
                parcels.add(new Parcel(key, payload, meta.expireAtMillis(), keyspace.watch(key)));
            }
            return new Load(parcels, next);
        }

        // Null if the target takes calls.
        private @Nullable Reply greet(TargetServer target) throws InterruptedException {
            List<List<Bytes>> calls = new ArrayList<>();
            if (!call.login().isEmpty()) {
                List<Bytes> login = new ArrayList<>(List.of(Bytes.utf8("AUTH")));
                login.addAll(call.login());
                calls.add(login);
            }
            String database = Long.toString(call.target().database());
            calls.add(List.of(Bytes.utf8("SELECT"), Bytes.utf8(database)));
            Reply failure = send(target, calls);
            if (failure != null) return failure;
            for (int i = 0; i < calls.size(); i++) {
                String answer = answer(target);
                if (answer == null) return unread();
                if (!answer.startsWith("+")) return refused(answer);
            }
            return null;
        }

        // Null unless the target cannot be asked any more.
        private @Nullable Reply deliver(TargetServer target, List<Parcel> parcels)
                throws InterruptedException {
            Reply failure = send(target, parcels.stream().map(this::restore).toList());
            if (failure != null) return failure;
            List<Parcel> there = new ArrayList<>();
            boolean isCut = false;
            for (Parcel parcel : parcels) {
                String answer = answer(target);
                isCut = answer == null;
                if (answer == null) break;
                if (answer.startsWith("+")) there.add(parcel);
                else if (wrong == null) wrong = refused(answer);
            }
            if (!call.choices().contains(Choice.COPY)) giveUp(there);
            return isCut ? unread() : null;
        }

        private List<Bytes> restore(Parcel parcel) {
            long left = 0;
            if (parcel.expireAtMillis != Meta.NO_EXPIRY)
                left = Math.max(1, parcel.expireAtMillis - env.currentTimeMillis());
            List<Bytes> words = new ArrayList<>();
            words.add(Bytes.utf8("RESTORE"));
            words.add(parcel.key);
            words.add(Bytes.utf8(Long.toString(left)));
            words.add(parcel.payload);
            if (call.choices().contains(Choice.REPLACE)) words.add(Bytes.utf8("REPLACE"));
            return words;
        }

        // What was changed meanwhile stays.
        private void giveUp(List<Parcel> there) throws InterruptedException {
            if (there.isEmpty()) return;
            try {
                remove(there);
            } catch (StorageException.Unavailable | StorageException.Conflict failure) {
                wrong =
                        Reply.error(
                                "TRYAGAIN keys are there, and could not be removed here. "
                                        + failure.getMessage());
            }
        }

        private void remove(List<Parcel> there) throws InterruptedException {
            Executed<Integer> given =
                    keyspaces.execute(
                            session.database(),
                            keyspace -> {
                                int changed = 0;
                                for (Parcel each : there)
                                    if (!giveUp(keyspace.by(session.id()), each)) changed++;
                                return changed;
                            });
            seq = Math.max(seq, given.seq());
            if (0 < given.result() && wrong == null)
                wrong =
                        Reply.error(
                                "TRYAGAIN key changed while it was moved: it is here as it is now,"
                                        + " and there as it was. keys="
                                        + given.result());
        }

        private boolean giveUp(Keyspace keyspace, Parcel parcel) {
            if (!keyspace.exists(parcel.key)) return true;
            if (!keyspace.isAsWatched(parcel.before)) return false;
            keyspace.delete(parcel.key);
            keyspace.event(EventKind.GENERIC, "del", parcel.key);
            return true;
        }

        private @Nullable Reply send(TargetServer target, List<List<Bytes>> calls)
                throws InterruptedException {
            try {
                for (List<Bytes> each : calls) target.send(each);
                return null;
            } catch (IOException failure) {
                return unsent();
            }
        }

        // Null if none came.
        private @Nullable String answer(TargetServer target) throws InterruptedException {
            try {
                return target.reply();
            } catch (IOException failure) {
                return null;
            }
        }

        private static Reply unsent() {
            return Reply.error("IOERR error or timeout writing to target instance");
        }

        private static Reply unread() {
            return Reply.error("IOERR error or timeout reading from target instance");
        }

        private static Reply refused(String answer) {
            String text = answer.isEmpty() ? answer : answer.substring(1);
            return Reply.error("ERR Target instance replied with error: " + text);
        }
    }
}
