package dev.holdfast.lifecycle.tangle;

import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Holder;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.wait.TrackedLock;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what tells why a scope does not move. Not thread-safe: one look, one diagnosis.
public final class Diagnosis {
    private static final int STACKS_MAX = 50;

    private final WaitGraph graph = new WaitGraph();
    private final Duration least;
    private final List<WaitView> waits = new ArrayList<>();
    private final List<String> holders = new ArrayList<>();
    private final List<String> tasks = new ArrayList<>();
    private final List<String> mailboxes = new ArrayList<>();
    private final List<String> standstills = new ArrayList<>();
    private int stacks;

    /// @param least younger waits count as if they would end by themselves
    public Diagnosis(Duration least) {
        this.least = least;
    }

    public void addWaits(List<WaitView> views) {
        for (WaitView wait : views) {
            if (wait.soFar().compareTo(least) < 0) continue;
            graph.addWait(wait);
            if (wait.kind() != WaitKind.IDLE) waits.add(wait);
        }
    }

    /// True if nobody waits but for work.
    public boolean isIdle() {
        return waits.isEmpty();
    }

    public void addLocks(List<TrackedLock> locks) {
        locks.forEach(graph::addLock);
    }

    public void addGate(Gate gate) {
        graph.addGate(gate);
    }

    /// `thread` works for the component `name`.
    public void addMember(String name, @Nullable Thread thread) {
        graph.addMember(name, thread);
    }

    /// `thread` runs the task `name`.
    public void addThread(String name, @Nullable Thread thread) {
        graph.addThread(name, thread);
    }

    /// Names who is inside `gate`, with where each stands.
    public void describe(Gate gate) {
        for (Holder holder : gate.holders()) {
            String line = "gate `" + gate.name() + "`: " + holder;
            holders.add(line + stack(holder.thread()));
        }
    }

    /// Names a task that runs, with where it stands.
    public void describeTask(String name, @Nullable Thread thread) {
        tasks.add("task `" + name + "`" + stack(thread));
    }

    private String stack(@Nullable Thread thread) {
        return stacks++ < STACKS_MAX ? Frames.all(thread) : Frames.first(thread);
    }

    /// Says what `mailbox` holds, if anything.
    public void describe(Mailbox<?> mailbox) {
        int size = mailbox.size();
        if (0 < size) mailboxes.add("`" + mailbox.name() + "` holds " + size);
    }

    /// Says whether `meter` moves, as far as the looks that `motion` remembers have seen.
    public void describe(Meter meter, Motion motion, long nowNanos) {
        long left = meter.left().getAsLong();
        long done = meter.done().getAsLong();
        Duration still = motion.standsSince(meter.what(), done, nowNanos);
        if (left == 0 || still.isZero()) return;
        standstills.add(
                "`%s` stands at %d for %d ms, with %d left"
                        .formatted(meter.what(), done, still.toMillis(), left));
    }

    /// What has work left and does not move.
    public List<String> standstills() {
        return standstills;
    }

    /// Waits that wait for each other, each circle as its members in order.
    public List<List<String>> circles() {
        return graph.circles();
    }

    /// Waits under way, the longest first, without idle consumers.
    public List<WaitView> waits() {
        waits.sort(Comparator.comparing(WaitView::soFar).reversed());
        return waits;
    }

    /// Who is inside the gates.
    public List<String> holders() {
        return holders;
    }

    /// The tasks that run.
    public List<String> tasks() {
        return tasks;
    }

    /// The mailboxes that hold something.
    public List<String> mailboxes() {
        return mailboxes;
    }
}
