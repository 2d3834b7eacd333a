package dev.holdfast.objectstore.fault;

import dev.holdfast.objectstore.fault.Fault.BitFlip;
import dev.holdfast.objectstore.fault.Fault.FailBefore;
import dev.holdfast.objectstore.fault.Fault.Late;
import dev.holdfast.objectstore.fault.Fault.Latency;
import dev.holdfast.objectstore.fault.Fault.LostReply;
import dev.holdfast.objectstore.fault.Fault.None;
import dev.holdfast.objectstore.fault.Fault.Outage;
import dev.holdfast.objectstore.fault.Fault.Truncated;
import java.time.Duration;

/// Faults drawn from a seed: a hash of the seed and the call's number, so that neither the order in
/// which threads ask nor what they asked before changes the answer.
record SeededFaultPlan(long seed, FaultRates rates) implements FaultPlan {
    @Override
    public Fault faultOf(StoreCall call) {
        long drawn = mix(seed ^ mix(call.number()));
        long detail = mix(drawn);
        long left = Long.remainderUnsigned(drawn, 1000);
        if ((left -= rates.failBefore()) < 0) return new FailBefore();
        if ((left -= rates.lostReply()) < 0) return new LostReply();
        if ((left -= rates.late()) < 0) return new Late(upTo(rates.lateCallsMax(), detail));
        if ((left -= rates.latency()) < 0) return new Latency(delay(detail));
        if ((left -= rates.truncated()) < 0) return new Truncated((int) (detail & 0xff));
        if ((left -= rates.bitFlip()) < 0) return new BitFlip(detail >>> 1);
        if ((left - rates.outage()) < 0) return new Outage(upTo(rates.outageCallsMax(), detail));
        return new None();
    }

    private Duration delay(long detail) {
        long max = Math.max(1, rates.latencyMax().toNanos());
        return Duration.ofNanos(1 + Long.remainderUnsigned(detail, max));
    }

    private static int upTo(int max, long detail) {
        return 1 + (int) Long.remainderUnsigned(detail, max);
    }

    // The finalizer of SplitMix64: every bit of the input moves every bit of the output.
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
