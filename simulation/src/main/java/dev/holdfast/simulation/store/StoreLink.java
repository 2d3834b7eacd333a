package dev.holdfast.simulation.store;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.StoreCall;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.Answer.Knowledge;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One machine's end of the way to the simulated store: it numbers the calls, waits for answers no
/// longer than the deadline, and lets the machine die where its [Lifetime] says so.
final class StoreLink implements ObjectStore {
    private final SimulatedStore store;
    private final Node client;
    private final Env env;
    private final Lifetime lifetime;

    StoreLink(SimulatedStore store, Node client, Lifetime lifetime) {
        this.store = store;
        this.client = client;
        this.lifetime = lifetime;
        env = client.env();
    }

    @Override
    public @Nullable Bytes get(String name) {
        return read(Operation.GET, name, Chest::get);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return read(Operation.GET, name, (chest, at) -> chest.get(at, offset, length));
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return put(Operation.PUT, name, (chest, at) -> chest.put(at, parts));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return put(
                Operation.PUT_IF_ABSENT, name, (chest, at) -> chest.putIfAbsent(at, parts, putId));
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return read(Operation.HEAD, name, Chest::head);
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return Objects.requireNonNull(
                read(Operation.LIST, prefix, (chest, at) -> chest.list(at, after, limit)));
    }

    @Override
    public void delete(String name) {
        read(
                Operation.DELETE,
                name,
                (chest, at) -> {
                    chest.delete(at);
                    return null;
                });
    }

    @Override
    public String url() {
        return "simulated:";
    }

    @Override
    public void close() {}

    private PutResult put(Operation operation, String name, Deed<PutResult> deed) {
        Answer<PutResult> answer = call(operation, name, deed);
        return switch (answer.await(deadline())) {
            case DONE -> Objects.requireNonNull(answer.value());
            case NOTHING_DONE -> throw unavailable(operation, name, answer);
            case UNKNOWN, PENDING -> new PutResult.Unknown(unavailable(operation, name, answer));
        };
    }

    private <T> @Nullable T read(Operation operation, String name, Deed<T> deed) {
        Answer<T> answer = call(operation, name, deed);
        if (answer.await(deadline()) == Knowledge.DONE) return answer.value();
        throw unavailable(operation, name, answer);
    }

    private <T> Answer<T> call(Operation operation, String name, Deed<T> deed) {
        // A name that no object can have is refused here, as a client refuses it: nothing is sent.
        if (operation == Operation.LIST) ObjectNames.checkPrefix(name);
        else ObjectNames.check(name);
        var call = new StoreCall(lifetime.next(operation), operation, name);
        return switch (lifetime.wayOf(call.number())) {
            case null -> store.send(call, deed);
            case BEFORE -> died();
            case APPLIED -> {
                store.apply(call, deed);
                yield died();
            }
            case REPLY_LOST -> {
                store.apply(call, deed);
                yield unknown("reply lost");
            }
            case REQUEST_LOST -> unknown("request lost");
            case LATE -> {
                store.hold(call, deed);
                yield died();
            }
        };
    }

    private static <T> Answer<T> unknown(String why) {
        var answer = new Answer<T>();
        answer.refuse(Knowledge.UNKNOWN, why);
        return answer;
    }

    // The thread that asked is dead too: it gives up its turn and never gets another.
    private <T> Answer<T> died() {
        lifetime.die();
        client.kill();
        LockSupport.parkNanos(this, Duration.ofDays(1).toNanos());
        throw new AssertionError("a dead machine goes on: " + client.name());
    }

    private Deadline deadline() {
        return Deadline.after(env, store.faults().timing().callDeadline());
    }

    private static Unavailable unavailable(Operation operation, String name, Answer<?> answer) {
        return new Unavailable(
                "simulated: %s. call=`%s`, name=`%s`".formatted(answer.why(), operation, name),
                null);
    }
}
