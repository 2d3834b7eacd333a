package dev.holdfast.lifecycle;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.ScopeView.ThreadView;
import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Holder;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.tangle.Diagnosis;
import dev.holdfast.lifecycle.tangle.Frames;
import dev.holdfast.lifecycle.tangle.Meter;
import dev.holdfast.lifecycle.tangle.Motion;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// One component in its scope: its word, its tasks, its gates and mailboxes.
final class Cell {
    private final Component component;
    private final Env env;
    private final StateWord scopeWord;
    private final StateWord word;
    private final Scope owner;
    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Gate> gates = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Mailbox<?>> mailboxes = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Meter> meters = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable Scope inner;
    private final Set<Thread> kernelThreads = ConcurrentHashMap.newKeySet();

    Cell(Component component, Env env, Scope owner) {
        this.component = component;
        this.env = env;
        scopeWord = owner.word();
        this.owner = owner;
        word = scopeWord.nest(component.name());
    }

    /// Nests `scope` in this component: its phases run within those of the scope around.
    void adopt(Scope scope) {
        require(inner == null, "%s has a nested scope already", name());
        scope.nestIn(this);
        inner = scope;
    }

    /// The scope nested in this component.
    @Nullable Scope inner() {
        return inner;
    }

    String name() {
        return component.name();
    }

    Component component() {
        return component;
    }

    Scope owner() {
        return owner;
    }

    StateWord word() {
        return word;
    }

    Token token() {
        return word.token();
    }

    boolean takesPartIn(Phase phase) {
        boolean innerDoes = inner != null && Phase.OF_NESTED.contains(phase);
        return innerDoes || component.phases().contains(phase);
    }

    /// True if it, or a component of the scope nested in it, makes something durable in a stop.
    boolean persists() {
        Scope nested = inner;
        boolean innerDoes = nested != null && nested.persists();
        return innerDoes || component.phases().contains(Phase.PERSIST);
    }

    void watch(Gate gate) {
        gates.add(gate);
    }

    void watch(Meter meter) {
        meters.add(meter);
    }

    void watch(Mailbox<?> mailbox) {
        mailboxes.add(mailbox);
        meters.add(new Meter("mailbox " + mailbox.name(), mailbox::taken, mailbox::size));
    }

    Task fork(String taskName, Task.Body body) {
        return fork(taskName, body, env::start);
    }

    Task forkBusy(String taskName, Task.Body body) {
        return fork(taskName, body, env::startBusy);
    }

    private Task fork(
            String taskName, Task.Body body, BiFunction<String, Runnable, Thread> starter) {
        Task task = new Task(taskName, word.token());
        tasks.add(task); // before the look at the level: a stop that begins now will see it
        if (isClosedToTasks()) {
            tasks.remove(task);
            throw word.token().stopped(Certainty.NOT_APPLIED, "no new task " + taskName);
        }
        tasks.removeIf(Task::isDone);
        scopeWord.announceBack(taskName);
        boolean started = false;
        try {
            starter.apply(taskName, () -> run(task, body));
            started = true;
        } finally {
            if (!started) tasks.remove(task);
        }
        return task;
    }

    // A scope that is nested in a draining one still serves those whom the outer one drains, so the
    // outer level alone closes it only at ABORT.
    private boolean isClosedToTasks() {
        Level own = word.level().max(scopeWord.level());
        return own != Level.NONE || word.token().level() == Level.ABORT;
    }

    private void run(Task task, Task.Body body) {
        task.runsOn(Thread.currentThread());
        Throwable thrown = null;
        try {
            body.run();
        } catch (Throwable error) { // whatever a task throws, its end must be told
            thrown = error;
        }
        boolean counts = thrown != null;
        try {
            if (counts) counts = owner.taskFailed(this, thrown);
        } finally { // telling may fail as well, as where there is no memory
            task.end(counts ? thrown : null);
        }
        if (tasks.stream().noneMatch(each -> each.name().equals(task.name()) && !each.isDone())) {
            scopeWord.announceGone(task.name());
        }
    }

    /// Runs kernel work of this component, such as one phase of its stop, on a thread of its own.
    void runOnThread(String what, Runnable body) {
        Thread thread = env.start(what, () -> runAndForget(body));
        kernelThreads.add(thread); // named even if it never gets to run
        if (!thread.isAlive()) kernelThreads.remove(thread);
    }

    private void runAndForget(Runnable body) {
        Thread self = Thread.currentThread();
        kernelThreads.add(self);
        try {
            body.run();
        } finally {
            kernelThreads.remove(self);
        }
    }

    /// True if `thread` works for this component: waiting for it to end would wait for itself.
    boolean isInside(Thread thread) {
        if (kernelThreads.contains(thread)) return true;
        for (Task task : tasks) {
            if (task.thread() == thread && !task.isDone()) return true;
        }
        for (Gate gate : gates) {
            for (Holder holder : gate.holders()) {
                if (holder.thread() == thread) return true;
            }
        }
        Scope nested = inner;
        return nested != null && nested.isInside(thread);
    }

    /// Ends its life by a failure of one of its tasks; false if another one came first.
    boolean fail(Throwable thrown) {
        boolean isFirst = failure.compareAndSet(null, thrown);
        end(State.FAILED);
        return isFirst;
    }

    /// What the first task to fail threw.
    @Nullable Throwable failure() {
        return failure.get();
    }

    /// The end of its life: it wakes nobody any more.
    void end(State state) {
        word.advance(state, Level.ABORT);
        scopeWord.announceGone(name());
    }

    List<Task> runningTasks() {
        return tasks.stream().filter(task -> !task.isDone()).toList();
    }

    List<Gate> gates() {
        return List.copyOf(gates);
    }

    List<Mailbox<?>> mailboxes() {
        return List.copyOf(mailboxes);
    }

    /// Who still holds it: gate holders, running tasks, its own stop.
    List<String> holders() {
        List<String> holders = new ArrayList<>(gateHolders());
        holders.addAll(taskLines());
        for (Thread thread : kernelThreads) {
            holders.add("`" + thread.getName() + "`" + Frames.first(thread));
        }
        return holders;
    }

    /// Everything that runs for it: its tasks, and its own start or stop.
    List<ThreadView> threads(ScopeView.Detail detail) {
        List<ThreadView> threads = new ArrayList<>();
        for (Task task : runningTasks())
            threads.add(ThreadView.of(task.name(), task.thread(), detail));
        for (Thread each : kernelThreads) threads.add(ThreadView.of(each.getName(), each, detail));
        return threads;
    }

    /// Tells who works for it, and who is inside its gates.
    void tellThreads(Diagnosis diagnosis) {
        gates.forEach(diagnosis::addGate);
        for (Thread thread : kernelThreads) diagnosis.addMember(name(), thread);
        for (Task task : runningTasks()) {
            diagnosis.addMember(name(), task.thread());
            diagnosis.addThread(task.name(), task.thread());
            diagnosis.addThread("task " + task.name(), task.thread());
        }
    }

    /// Says which of its work does not move.
    void describeTo(Diagnosis diagnosis, Motion motion) {
        for (Meter meter : meters) diagnosis.describe(meter, motion, env.nanoTime());
    }

    /// Describes who is inside its gates, its tasks and its mailboxes.
    void describeTo(Diagnosis diagnosis) {
        gates.forEach(diagnosis::describe);
        for (Task task : runningTasks()) diagnosis.describeTask(task.name(), task.thread());
        for (Thread thread : kernelThreads) diagnosis.describeTask(thread.getName(), thread);
        mailboxes.forEach(diagnosis::describe);
    }

    List<String> taskLines() {
        return runningTasks().stream()
                .map(task -> "task `" + task.name() + "`" + Frames.first(task.thread()))
                .toList();
    }

    List<String> gateHolders() {
        return gates.stream().flatMap(gate -> holdersOf(gate).stream()).toList();
    }

    static List<String> holdersOf(Gate gate) {
        return gate.holders().stream()
                .map(holder ->
                        "gate `" + gate.name() + "`: " + holder + Frames.first(holder.thread()))
                .toList();
    }

    /// The worse of two fates.
    static Fate worse(Fate one, Fate other) {
        return one.ordinal() < other.ordinal() ? other : one;
    }
}
