package dev.holdfast.simulation.store;

import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.fault.StoreCall;
import dev.holdfast.simulation.store.Answer.Knowledge;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request on its way to the store, and the answer on its way back.
final class Delivery<T> {
    private static final int TAIL = 16; // one way in so many takes up to so many times as long

    private final SimulatedStore store;
    private final StoreCall call;
    private final Deed<T> deed;
    private final Answer<T> answer;

    Delivery(SimulatedStore store, StoreCall call, Deed<T> deed, Answer<T> answer) {
        this.store = store;
        this.call = call;
        this.deed = deed;
        this.answer = answer;
    }

    /// Carries the request to its end, with `fault` on the way.
    void run(@Nullable StoreFault fault) {
        try {
            arrive(fault);
        } catch (ObjectStoreException wrong) {
            answer.fail(wrong);
        } catch (InterruptedException interrupted) {
            throw new AssertionError("nobody interrupts the store", interrupted);
        }
    }

    private void arrive(@Nullable StoreFault fault) throws InterruptedException {
        travel();
        switch (fault) {
            case null -> reply(done());
            case NEVER_SENT, BUSY, SLOW_DOWN, LIST_FAILS, RESET -> fail(fault);
            case READS_FAIL, WRITES_FAIL, OUTAGE -> failOrVanish(fault);
            case BLACK_HOLE -> store.count(fault);
            case SLOW -> beSlow();
            case REPLY_LOST -> loseReply();
            case DELETE_AMBIGUOUS -> deleteOrNot();
            case CONFLICT -> conflict();
            case LATE -> beLate();
            case DUPLICATED -> arriveTwice();
            case TRUNCATED, BIT_FLIP, OTHER_OBJECT, OLD_VERSION -> spoil(fault);
            case INVISIBLE -> hide();
            case STALE_LIST, DUPLICATE_LIST -> listWrongly(fault);
            case NO_ATTRIBUTES -> throw new AssertionError("not a fault of one call");
        }
    }

    private @Nullable T done() {
        store.traceDone(call);
        return deed.done(store.chest(), call.name());
    }

    private void reply(@Nullable T value) throws InterruptedException {
        travel();
        answer.give(value);
    }

    private void fail(StoreFault fault) {
        store.count(fault);
        answer.refuse(Knowledge.NOTHING_DONE, fault.name());
    }

    private void failOrVanish(StoreFault fault) {
        if (store.chance().coin()) fail(fault);
        else store.count(fault); // and nothing ever comes back
    }

    private void beSlow() throws InterruptedException {
        store.count(StoreFault.SLOW);
        pause(store.chance().ofAnyMagnitude(store.faults().timing().slowMax()));
        T value = done();
        pause(store.chance().ofAnyMagnitude(store.faults().timing().slowMax()));
        answer.give(value);
    }

    // Either the connection breaks, which is noticed, or nothing ever comes back.
    private void loseReply() {
        store.count(StoreFault.REPLY_LOST);
        done();
        if (store.chance().coin()) answer.refuse(Knowledge.UNKNOWN, "reply lost");
    }

    private void deleteOrNot() {
        store.count(StoreFault.DELETE_AMBIGUOUS);
        if (store.chance().coin()) done();
        answer.refuse(Knowledge.UNKNOWN, "delete ambiguous");
    }

    private void conflict() {
        store.count(StoreFault.CONFLICT);
        answer.refuse(Knowledge.UNKNOWN, "409 conflict");
    }

    private void beLate() throws InterruptedException {
        store.count(StoreFault.LATE);
        if (store.chance().coin()) answer.refuse(Knowledge.UNKNOWN, "connection broken");
        pause(store.chance().ofAnyMagnitude(store.faults().timing().lateMax()));
        done();
    }

    private void arriveTwice() throws InterruptedException {
        store.count(StoreFault.DUPLICATED);
        reply(done());
        pause(store.chance().ofAnyMagnitude(store.faults().timing().lateMax()));
        done();
    }

    private void hide() throws InterruptedException {
        store.count(StoreFault.INVISIBLE);
        T value = done();
        store.chest().hide(call.name(), lag());
        reply(value);
    }

    private void spoil(StoreFault fault) throws InterruptedException {
        reply(store.spoiler().read(call.name(), fault, deed));
    }

    private void listWrongly(StoreFault fault) throws InterruptedException {
        reply(store.spoiler().list(fault, done()));
    }

    private Duration lag() {
        return store.chance().upTo(store.faults().timing().lagMax());
    }

    private void travel() throws InterruptedException {
        Duration wayMax = store.faults().timing().wayMax();
        boolean isInTail = store.chance().below(TAIL) == 0;
        pause(store.chance().upTo(isInTail ? wayMax.multipliedBy(TAIL) : wayMax));
    }

    private void pause(Duration duration) throws InterruptedException {
        store.env().sleep(duration);
    }
}
