package dev.holdfast.simulation.store;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.StoreCall;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.store.Chest.Attributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object store at the other end of an unreliable network, a machine of its own: what it was
/// asked for it does, whatever becomes of who asked.
///
/// Every call is a thread of the store's machine. A client that is killed between request and reply
/// never learns what became of the request, which may be carried out up to [StoreTiming#lateMax]
/// later. All that goes wrong is drawn from the simulation's seed, at the rates of [StoreFaults],
/// and counted when it strikes. Every call is traced, so that the hash of a run holds what the
/// store saw.
public final class SimulatedStore {
    private final Simulation simulation;
    private final Node node;
    private final Env env;
    private final Chance chance;
    private final Chest chest;
    private final Misfortune misfortune;
    private final Spoiler spoiler;
    private final Map<StoreFault, Long> struck = new EnumMap<>(StoreFault.class);
    private final List<Runnable> held = new ArrayList<>();
    private StoreFaults faults;
    private int underWay;

    public SimulatedStore(Simulation simulation, StoreFaults faults) {
        this.simulation = simulation;
        this.faults = faults;
        node = simulation.node("store");
        env = node.env();
        chance = new Chance(simulation.seed());
        boolean dropsAttributes = chance.strikes(faults.rate(StoreFault.NO_ATTRIBUTES));
        if (dropsAttributes) count(StoreFault.NO_ATTRIBUTES);
        chest = new Chest(env, dropsAttributes ? Attributes.DROPPED : Attributes.KEPT);
        misfortune = new Misfortune(env, chance);
        spoiler = new Spoiler(this, chest, chance, env);
    }

    /// The store as a program on `client` sees it.
    public ObjectStore connect(Node client) {
        return connect(client, Lifetime.unharmed());
    }

    /// The store as a program on `client` sees it, with what may happen to that machine.
    public ObjectStore connect(Node client, Lifetime lifetime) {
        return new StoreLink(this, client, lifetime);
    }

    /// Goes wrong in other ways from the next call on. Phases under way end; what is late stays so.
    public void follow(StoreFaults next) {
        faults = next;
        misfortune.endPhases();
    }

    /// Nothing gets through for `duration` from now.
    public void breakDown(Duration duration) {
        misfortune.begin(StoreFault.OUTAGE, duration);
    }

    /// Carries out what was under way when a machine died at a [CrashPoint.Way#LATE].
    public void landHeld() {
        List<Runnable> due = List.copyOf(held);
        held.clear();
        due.forEach(Runnable::run);
    }

    /// What lies in it, without the network and without faults.
    public ObjectStore atRest() {
        return chest.atRest();
    }

    /// How often each class of faults struck; a class that never did is not named.
    public Map<StoreFault, Long> struck() {
        return Collections.unmodifiableMap(struck);
    }

    /// How many requests are not over yet, those of the dead and the late ones included.
    public int underWay() {
        return underWay + held.size();
    }

    /// What goes wrong now.
    public StoreFaults faults() {
        return faults;
    }

    <T> Answer<T> send(StoreCall call, Deed<T> deed) {
        simulation.trace(call.operation() + call.name());
        StoreFault fault = misfortune.of(call, faults);
        var answer = new Answer<T>();
        underWay++;
        var delivery = new Delivery<>(this, call, deed, answer);
        env.start("request", () -> deliver(delivery, fault));
        return answer;
    }

    private void deliver(Delivery<?> delivery, @Nullable StoreFault fault) {
        delivery.run(fault);
        underWay--;
    }

    /// Carries `deed` out now, for whoever will not wait for the answer.
    <T> void apply(StoreCall call, Deed<T> deed) {
        traceDone(call);
        deed.done(chest, call.name());
    }

    <T> void hold(StoreCall call, Deed<T> deed) {
        if (call.operation().isMutation()) held.add(() -> apply(call, deed));
    }

    void traceDone(StoreCall call) {
        simulation.trace("done " + call.operation() + call.name());
    }

    void count(StoreFault fault) {
        struck.merge(fault, 1L, Long::sum);
        simulation.reached("store: " + fault);
    }

    Chest chest() {
        return chest;
    }

    Spoiler spoiler() {
        return spoiler;
    }

    Chance chance() {
        return chance;
    }

    Env env() {
        return env;
    }
}
