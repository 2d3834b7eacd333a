package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Holder;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.plan.Circles;
import dev.holdfast.lifecycle.wait.TrackedLock;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks for the reason why a scope does not move.
///
/// Who waits for whom is a graph over names: a thread waits for its waker; a component waits as its
/// threads do; a gate waits for its holders, a lock for its owner, a task for itself to end.
final class Diagnosis {
    private final Map<String, Set<String>> edges = new LinkedHashMap<>();
    private final Set<String> busy = new HashSet<>(); // threads whose wait is more than idling
    private final List<WaitView> waits = new ArrayList<>();
    private final List<String> holders = new ArrayList<>();
    private final List<String> tasks = new ArrayList<>();
    private final List<String> mailboxes = new ArrayList<>();

    void addWaits(List<WaitView> views) {
        for (WaitView wait : views) {
            String thread = wait.waiter().getName();
            edge(thread, wait.waker());
            edge(wait.party(), thread);
            if (wait.kind() == WaitKind.TASK) edge(wait.waker(), wait.waker().replace("task ", ""));
            if (wait.kind() == WaitKind.IDLE) continue;
            busy.add(thread);
            waits.add(wait);
        }
    }

    void addLocks(List<TrackedLock> locks) {
        for (TrackedLock lock : locks) {
            Thread owner = lock.owner();
            if (owner != null) edge(lock.asWaker(), owner.getName());
        }
    }

    void addGate(Gate gate) {
        holders.addAll(Cell.holdersOf(gate));
        for (Holder holder : gate.holders()) {
            edge(gate.asWaker(), holder.who());
            Thread thread = holder.thread();
            if (thread != null) edge(gate.asWaker(), thread.getName());
        }
    }

    void addCell(Cell cell) {
        cell.gates().forEach(this::addGate);
        tasks.addAll(cell.taskLines());
        for (Mailbox<?> mailbox : cell.mailboxes()) {
            int size = mailbox.size();
            if (0 < size) mailboxes.add("`" + mailbox.name() + "` holds " + size);
        }
    }

    private void edge(String from, String to) {
        if (!from.equals(to)) edges.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(to);
    }

    StuckReport report() {
        waits.sort(Comparator.comparing(WaitView::soFar).reversed());
        List<List<String>> circles =
                Circles.in(edges).stream()
                        .filter(circle -> circle.stream().anyMatch(busy::contains))
                        .toList();
        return new StuckReport(circles, waits, holders, tasks, mailboxes);
    }
}
