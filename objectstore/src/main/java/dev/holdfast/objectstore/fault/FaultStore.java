package dev.holdfast.objectstore.fault;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.objectstore.fault.Fault.BitFlip;
import dev.holdfast.objectstore.fault.Fault.FailBefore;
import dev.holdfast.objectstore.fault.Fault.Late;
import dev.holdfast.objectstore.fault.Fault.Latency;
import dev.holdfast.objectstore.fault.Fault.LostReply;
import dev.holdfast.objectstore.fault.Fault.None;
import dev.holdfast.objectstore.fault.Fault.Outage;
import dev.holdfast.objectstore.fault.Fault.Refuse;
import dev.holdfast.objectstore.fault.Fault.Truncated;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store between its caller and another one, that misbehaves as a [FaultPlan] says.
///
/// It counts its calls from 0; the plan decides by that number, so a run on one thread repeats
/// exactly. Late puts arrive before the call at which they are due, in the order of those calls, or
/// at [#landAll].
public final class FaultStore implements ObjectStore {
    private final ObjectStore inner;
    private final AtomicReference<FaultPlan> plan;
    private final Env env;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong struck = new AtomicLong();
    private final AtomicLong outageUntil = new AtomicLong();
    private final TreeMap<Long, List<Runnable>> late = new TreeMap<>(); // guarded by itself

    public FaultStore(ObjectStore inner, FaultPlan plan, Env env) {
        this.inner = inner;
        this.plan = new AtomicReference<>(plan);
        this.env = env;
    }

    /// Follows another plan from the next call on. An outage under way ends; late puts stay late.
    public void follow(FaultPlan next) {
        plan.set(next);
        outageUntil.set(0);
    }

    /// How many calls there were.
    public long calls() {
        return calls.get();
    }

    /// How many calls met a fault.
    public long struck() {
        return struck.get();
    }

    /// Lets every late put arrive now.
    public void landAll() {
        landUpTo(Long.MAX_VALUE);
    }

    @Override
    public @Nullable Bytes get(String name) {
        return body(Operation.GET, name, () -> inner.get(name));
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return body(Operation.GET, name, () -> inner.get(name, offset, length));
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return body(Operation.GET, name, () -> inner.getUpTo(name, offset, lengthMax));
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return put(Operation.PUT, name, () -> inner.put(name, parts));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return put(Operation.PUT_IF_ABSENT, name, () -> inner.putIfAbsent(name, parts, putId));
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        return body(Operation.HEAD, name, () -> inner.head(name));
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        Fault fault = nextFault(Operation.LIST, prefix);
        failIfLost(fault, prefix, () -> {});
        return inner.list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        Fault fault = nextFault(Operation.DELETE, name);
        failIfLost(fault, name, () -> inner.delete(name));
        inner.delete(name);
    }

    @Override
    public int removeUnfinished(String prefix, long beforeMillis) {
        return inner.removeUnfinished(prefix, beforeMillis);
    }

    @Override
    public StoreTraffic traffic() {
        return inner.traffic();
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public @Nullable String elsewhere(String name) {
        return inner.elsewhere(name);
    }

    @Override
    public void close() {
        inner.close();
    }

    private PutResult put(Operation operation, String name, Supplier<PutResult> request) {
        Fault fault = nextFault(operation, name);
        if (fault instanceof LostReply) {
            request.get();
            return new Unknown(unavailable("reply lost", name));
        }
        if (fault instanceof Late(int wait)) {
            long due = calls.get() + wait;
            synchronized (late) {
                late.computeIfAbsent(due, _ -> new ArrayList<>()).add(request::get);
            }
            return new Unknown(unavailable("no reply in time", name));
        }
        failIfLost(fault, name, () -> {});
        return request.get();
    }

    private <T> @Nullable T body(Operation operation, String name, Supplier<@Nullable T> request) {
        Fault fault = nextFault(operation, name);
        failIfLost(fault, name, () -> {});
        T answer = request.get();
        if (answer instanceof Bytes bytes) {
            @SuppressWarnings("unchecked") // what stands for bytes is bytes
            T spoiled = (T) fault.spoil(bytes);
            return spoiled;
        }
        return answer;
    }

    private void failIfLost(Fault fault, String name, Runnable deed) {
        switch (fault) {
            case None _, Truncated _, BitFlip _ -> {}
            case Latency(Duration delay) -> pause(delay, name);
            case FailBefore _, Late _ -> throw unavailable("request lost", name);
            case Outage _ -> throw unavailable("outage", name);
            case Refuse _ ->
                    throw new ObjectStoreException.Refused(
                            "refused by plan. name=`" + name + "`", null);
            case LostReply _ -> {
                deed.run();
                throw unavailable("reply lost", name);
            }
        }
    }

    private Fault nextFault(Operation operation, String name) {
        // A name that no object can have is refused here, as a client refuses it: nothing is sent.
        if (operation == Operation.LIST) ObjectNames.checkPrefix(name);
        else ObjectNames.check(name);
        long number = calls.getAndIncrement();
        landUpTo(number);
        Fault fault = plan.get().faultOf(new StoreCall(number, operation, name));
        if (number < outageUntil.get()) fault = new Outage(0);
        else if (fault instanceof Outage(int more)) outageUntil.set(number + 1 + more);
        if (!(fault instanceof None)) struck.incrementAndGet();
        return fault;
    }

    private void landUpTo(long number) {
        while (true) {
            List<Runnable> due;
            synchronized (late) {
                Map.Entry<Long, List<Runnable>> first = late.firstEntry();
                if (first == null || number < first.getKey()) return;
                due = late.pollFirstEntry().getValue();
            }
            due.forEach(Runnable::run);
        }
    }

    private void pause(Duration delay, String name) {
        try {
            env.sleep(delay);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException.Unavailable(
                    "interrupted. name=`" + name + "`", interrupted);
        }
    }

    private static ObjectStoreException.Unavailable unavailable(String what, String name) {
        return new ObjectStoreException.Unavailable(
                "injected: " + what + ". name=`" + name + "`", null);
    }
}
