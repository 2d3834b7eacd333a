package dev.holdfast.simulation.store;

import dev.holdfast.objectstore.fault.StoreCall.Operation;

/// A class of faults of an object store and the way to it. Each can be switched on by itself.
public enum StoreFault {
    /// The request is never sent: connection refused, name not resolved.
    NEVER_SENT,
    /// 500, 503 or 429: the store answers that it did nothing.
    BUSY,
    /// A phase in which every second call is answered with "slow down".
    SLOW_DOWN,
    /// The request or the reply takes much longer than usual, perhaps longer than the caller waits.
    SLOW,
    /// No answer ever comes, and nothing was done: the caller's own deadline ends it.
    BLACK_HOLE,
    /// A phase in which nothing gets through.
    OUTAGE,
    /// A phase in which reads fail and mutations work.
    READS_FAIL,
    /// A phase in which mutations fail and reads work.
    WRITES_FAIL,
    /// A mutation is carried out and its reply is lost: a repeated conditional put meets itself.
    REPLY_LOST,
    /// 409: a conditional put was not carried out, and the answer does not say so.
    CONFLICT,
    /// A mutation that nobody knows the outcome of is carried out later, even much later.
    LATE,
    /// A mutation is delivered twice, the second time later.
    DUPLICATED,
    /// A delete fails, and may have been carried out.
    DELETE_AMBIGUOUS,
    /// The connection is reset in the middle of a body.
    RESET,
    /// A body comes back without its last bytes.
    TRUNCATED,
    /// A body comes back with one bit flipped.
    BIT_FLIP,
    /// A whole body comes back with the bytes of another object.
    OTHER_OBJECT,
    /// A body comes back as it was before the object was replaced.
    OLD_VERSION,
    /// An object that was just stored is not found by its name, for a moment.
    INVISIBLE,
    /// A page of a listing lacks what was stored last.
    STALE_LIST,
    /// A page of a listing shows an object twice.
    DUPLICATE_LIST,
    /// A page of a listing fails.
    LIST_FAILS,
    /// The store keeps no attributes: put ids are not shown. Drawn once a store, not once a call.
    NO_ATTRIBUTES;

    /// True if a call of this kind can meet it, or be the first of its phase.
    boolean canStrike(Operation operation) {
        return switch (this) {
            case NEVER_SENT, BUSY, SLOW_DOWN, SLOW, BLACK_HOLE, OUTAGE -> true;
            case READS_FAIL, RESET -> !operation.isMutation();
            case WRITES_FAIL, REPLY_LOST, LATE, DUPLICATED -> operation.isMutation();
            case CONFLICT -> operation == Operation.PUT_IF_ABSENT;
            case DELETE_AMBIGUOUS -> operation == Operation.DELETE;
            case TRUNCATED, BIT_FLIP, OTHER_OBJECT, OLD_VERSION -> operation == Operation.GET;
            case INVISIBLE -> operation == Operation.PUT || operation == Operation.PUT_IF_ABSENT;
            case STALE_LIST, DUPLICATE_LIST, LIST_FAILS -> operation == Operation.LIST;
            case NO_ATTRIBUTES -> false;
        };
    }

    /// True if it lasts for a while and strikes whoever calls meanwhile.
    public boolean isPhase() {
        return this == SLOW_DOWN || this == OUTAGE || this == READS_FAIL || this == WRITES_FAIL;
    }

    /// True if it makes a body wrong.
    public boolean isCorruption() {
        return this == TRUNCATED || this == BIT_FLIP || this == OTHER_OBJECT || this == OLD_VERSION;
    }
}
