package dev.holdfast.objectstore.fault;

import dev.holdfast.base.Bytes;
import java.time.Duration;

/// One way in which a call to a store goes wrong.
public sealed interface Fault {
    /// What a body that is read comes back as.
    default Bytes spoil(Bytes body) {
        return body;
    }

    /// It does not: the call is passed on.
    record None() implements Fault {}

    /// The request never arrives, and the caller is told so.
    record FailBefore() implements Fault {}

    /// The store will not do it until a person acts.
    record Refuse() implements Fault {}

    /// The request is carried out, but the answer is lost.
    record LostReply() implements Fault {}

    /// A put is answered with "unknown" and carried out later, before the `calls`th call from now;
    /// whoever sent it may be long dead. Other operations fail before.
    record Late(int calls) implements Fault {}

    /// The request takes so much longer.
    record Latency(Duration delay) implements Fault {}

    /// A body read comes back without its last bytes: `kept` parts in 256 of it remain.
    record Truncated(int kept) implements Fault {
        @Override
        public Bytes spoil(Bytes body) {
            return body.slice(0, (int) ((long) body.length() * Math.clamp(kept, 0, 255) / 256));
        }
    }

    /// A body read comes back with one bit flipped; `at` is taken modulo the number of bits.
    record BitFlip(long at) implements Fault {
        @Override
        public Bytes spoil(Bytes body) {
            if (body.isEmpty()) return body;
            byte[] flipped = body.toArray();
            long bit = Math.floorMod(at, 8L * flipped.length);
            flipped[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
            return Bytes.wrap(flipped);
        }
    }

    /// This call and the next `calls` fail before they arrive.
    record Outage(int calls) implements Fault {}
}
