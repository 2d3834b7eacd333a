package dev.holdfast.lifecycle.tangle;

import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Holder;
import dev.holdfast.lifecycle.plan.Circles;
import dev.holdfast.lifecycle.wait.TrackedLock;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitView;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who waits for whom, over all kinds of wait: for a waker, a gate, a lock, a task, a mailbox.
///
/// A thread that waits is blocked if nobody who could wake it can move: of a component or a task
/// every thread, of a gate any holder, of a lock its owner. A task counts before a component of the
/// same name. A name of which no thread is known may move. Circles are searched among the blocked
/// alone, so a circle is never reported that someone outside it would break.
final class WaitGraph {
    private final Map<Thread, WaitView> waits = new LinkedHashMap<>();
    private final Map<String, Set<Thread>> threadsOf = new HashMap<>(); // tasks, locks
    private final Map<String, Set<Thread>> membersOf = new HashMap<>(); // components
    private final Map<String, Set<Holder>> holdersOf = new HashMap<>(); // gates

    void addWait(WaitView wait) {
        waits.put(wait.waiter(), wait);
        addMember(wait.party(), wait.waiter());
    }

    /// `thread` works for the component `name`.
    void addMember(String name, @Nullable Thread thread) {
        add(name, thread, membersOf);
    }

    /// `thread` runs the task `name`, or owns the lock.
    void addThread(String name, @Nullable Thread thread) {
        add(name, thread, threadsOf);
    }

    private static void add(String name, @Nullable Thread thread, Map<String, Set<Thread>> to) {
        if (thread != null) to.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(thread);
    }

    private Set<Thread> agentsOf(String name) {
        Set<Thread> running = threadsOf.get(name);
        return running == null ? membersOf.getOrDefault(name, Set.of()) : running;
    }

    void addLock(TrackedLock lock) {
        addThread(lock.asWaker(), lock.owner());
    }

    void addGate(Gate gate) {
        List<Holder> holders = gate.holders();
        if (!holders.isEmpty())
            holdersOf.computeIfAbsent(gate.asWaker(), _ -> new LinkedHashSet<>()).addAll(holders);
    }

    /// Threads and the names between them, each circle in order.
    List<List<String>> circles() {
        keepBlocked();
        Map<String, Set<String>> edges = new LinkedHashMap<>();
        waits.forEach((thread, wait) -> addEdges(labelOf(thread), wait, edges));
        Set<String> busy = new LinkedHashSet<>();
        waits.forEach((thread, wait) -> {
            if (wait.kind() != WaitKind.IDLE) busy.add(labelOf(thread));
        });
        return Circles.in(edges).stream()
                .filter(circle -> circle.stream().anyMatch(busy::contains))
                .toList();
    }

    private void keepBlocked() {
        boolean hasChanged = true;
        while (hasChanged) hasChanged = waits.values().removeIf(wait -> !isBlocked(wait.waker()));
    }

    private boolean isBlocked(String waker) {
        Set<Holder> holders = holdersOf.get(waker);
        if (holders != null) return holders.stream().anyMatch(this::isStuck);
        return areStuck(agentsOf(waker));
    }

    private boolean isStuck(Holder holder) {
        Thread thread = holder.thread();
        return (thread != null && waits.containsKey(thread)) || areStuck(agentsOf(holder.who()));
    }

    private boolean areStuck(Collection<Thread> threads) {
        return !threads.isEmpty() && waits.keySet().containsAll(threads);
    }

    private void addEdges(String thread, WaitView wait, Map<String, Set<String>> edges) {
        String waker = wait.waker();
        edge(thread, waker, edges);
        for (Holder holder : holdersOf.getOrDefault(waker, Set.of())) {
            if (!isStuck(holder)) continue;
            Thread inside = holder.thread();
            if (inside != null && waits.containsKey(inside)) edge(waker, labelOf(inside), edges);
            else addThreads(waker, holder.who(), edges);
        }
        for (Thread agent : agentsOf(waker)) edge(waker, labelOf(agent), edges);
    }

    private void addThreads(String waker, String who, Map<String, Set<String>> edges) {
        edge(waker, who, edges);
        for (Thread agent : agentsOf(who)) {
            edge(who, labelOf(agent), edges);
        }
    }

    private static void edge(String from, String to, Map<String, Set<String>> edges) {
        if (!from.equals(to)) edges.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(to);
    }

    // Names of threads need not be unique.
    private String labelOf(Thread thread) {
        boolean isShared =
                waits.keySet().stream()
                        .anyMatch(o -> o != thread && o.getName().equals(thread.getName()));
        return isShared ? thread.getName() + "#" + thread.threadId() : thread.getName();
    }
}
