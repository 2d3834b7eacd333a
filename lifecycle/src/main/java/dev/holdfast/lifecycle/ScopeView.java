package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Holder;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.tangle.Frames;
import dev.holdfast.lifecycle.text.Json;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A scope at one moment: its state, its stop if one is under way, its components, and the scopes
/// nested in it.
///
/// Bounded: of many holders, tasks or frames only the first are named, the others are counted.
/// docs/operating/lifecycle.md names the fields of its JSON.
public record ScopeView(
        String name,
        State state,
        Level level,
        long epoch,
        @Nullable StopView stop,
        List<GateView> gates,
        List<PartView> components) {
    private static final int NAMED_MAX = 50;

    /// How closely one looks.
    enum Detail {
        /// Without stacks: next to free.
        NAMES,
        /// With the stacks of those who are named.
        STACKS
    }

    /// A stop: how far it has come, and what is left of its time.
    ///
    /// @param phase null before the first one and after the last
    public record StopView(
            @Nullable Phase phase,
            Mode mode,
            String reason,
            Duration budget,
            Duration used,
            Duration left,
            Duration phaseLeft) {}

    /// A component.
    ///
    /// @param fate so far; null while no stop has begun
    /// @param inner the scope nested in it
    public record PartView(
            String name,
            State state,
            Level level,
            @Nullable Fate fate,
            List<GateView> gates,
            List<ThreadView> tasks,
            List<MailboxView> mailboxes,
            @Nullable ScopeView inner) {}

    /// A gate and who is inside.
    ///
    /// @param inside how many; of many only some are named
    public record GateView(String name, boolean isClosed, int inside, List<HolderView> holders) {}

    /// Somebody inside a gate.
    public record HolderView(String who, String doing, ThreadView thread) {}

    /// A thread and where it stands, the innermost frame first.
    public record ThreadView(String name, List<String> stack) {
        static ThreadView of(String name, @Nullable Thread thread, Detail detail) {
            boolean isSeen = detail == Detail.STACKS;
            return new ThreadView(name, isSeen ? Frames.of(thread) : List.of());
        }
    }

    /// A mailbox and how full it is.
    public record MailboxView(String name, int size, @Nullable String sealReason) {}

    static ScopeView of(Scope.Crew crew, List<Gate> gates, @Nullable StopRun stop, Detail detail) {
        List<PartView> parts = new ArrayList<>();
        for (Cell cell : crew.cells().values()) parts.add(of(cell, stop, detail));
        return new ScopeView(
                crew.name(),
                crew.word().state(),
                crew.word().token().level(),
                crew.word().epoch(),
                stop == null ? null : stop.view(),
                gates.stream().map(gate -> of(gate, detail)).toList(),
                parts);
    }

    private static PartView of(Cell cell, @Nullable StopRun stop, Detail detail) {
        Scope inner = cell.inner();
        return new PartView(
                cell.name(),
                cell.word().state(),
                cell.token().level(),
                stop == null ? null : stop.draft().fateOf(cell.name()),
                cell.gates().stream().map(gate -> of(gate, detail)).toList(),
                cell.threads(detail).stream().limit(NAMED_MAX).toList(),
                cell.mailboxes().stream().map(ScopeView::of).toList(),
                inner == null ? null : inner.view(detail));
    }

    private static MailboxView of(Mailbox<?> mailbox) {
        return new MailboxView(mailbox.name(), mailbox.size(), mailbox.sealReason());
    }

    private static GateView of(Gate gate, Detail detail) {
        List<Holder> holders = gate.holders();
        List<HolderView> named =
                holders.stream().limit(NAMED_MAX).map(holder -> of(holder, detail)).toList();
        return new GateView(gate.name(), gate.isClosed(), holders.size(), named);
    }

    private static HolderView of(Holder holder, Detail detail) {
        Thread thread = holder.thread();
        String name = thread == null ? "" : thread.getName();
        return new HolderView(holder.who(), holder.doing(), ThreadView.of(name, thread, detail));
    }

    /// How many are inside gates, here and in nested scopes.
    public int inside() {
        int inside = gates.stream().mapToInt(GateView::inside).sum();
        for (PartView part : components) {
            inside += part.gates.stream().mapToInt(GateView::inside).sum();
            if (part.inner != null) inside += part.inner.inside();
        }
        return inside;
    }

    /// How many tasks run, here and in nested scopes.
    public int running() {
        int running = 0;
        for (PartView part : components) {
            running += part.tasks.size() + (part.inner == null ? 0 : part.inner.running());
        }
        return running;
    }

    /// In one line, how far a stop has come and whom it waits for; null while none is under way.
    public @Nullable String progress() {
        StopView seen = stop;
        Phase phase = seen == null ? null : seen.phase;
        if (seen == null || phase == null || state.isFinal()) return null;
        List<String> held = new ArrayList<>();
        collectHeld(held);
        return "stopping %s: %s, %.1f s of %.1f s left%s%s"
                .formatted(
                        name,
                        phase,
                        seconds(seen.left),
                        seconds(seen.budget),
                        seen.mode == Mode.SMART ? "" : ", " + seen.mode,
                        held.isEmpty() ? "" : "; inside: " + String.join(", ", held));
    }

    /// A number that changes when a stop moves: from phase to phase, when somebody leaves a gate,
    /// when a mailbox empties, when a component ends.
    int progressMark() {
        int mark = Objects.hash(state, stop == null ? null : stop.phase);
        for (GateView gate : gates) mark = 31 * mark + gate.inside;
        for (PartView part : components) {
            mark = 31 * mark + Objects.hash(part.state, part.fate, part.tasks.size());
            for (GateView gate : part.gates) mark = 31 * mark + gate.inside;
            for (MailboxView mailbox : part.mailboxes) mark = 31 * mark + mailbox.size;
            if (part.inner != null) mark = 31 * mark + part.inner.progressMark();
        }
        return mark;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private void collectHeld(List<String> held) {
        gates.forEach(gate -> addHeld(gate, held));
        for (PartView part : components) {
            part.gates.forEach(gate -> addHeld(gate, held));
            if (part.inner != null) part.inner.collectHeld(held);
        }
    }

    private static void addHeld(GateView gate, List<String> held) {
        if (gate.inside == 0) return;
        HolderView first = gate.holders.isEmpty() ? null : gate.holders.getFirst();
        String example = first == null ? "" : " (" + first.who + " " + first.doing + ")";
        held.add(gate.inside + " in " + gate.name + example);
    }

    /// One object of JSON.
    public String toJson() {
        Json json = new Json();
        write(json, this);
        return json.toString();
    }

    private static void write(Json json, ScopeView view) {
        json.object(() -> {
            json.field("scope", view.name)
                    .field("state", view.state.name())
                    .field("level", view.level.name())
                    .field("epoch", view.epoch);
            if (view.stop != null) write(json.key("stop"), view.stop);
            json.list("gates", view.gates, ScopeView::write);
            json.list("components", view.components, ScopeView::write);
        });
    }

    private static void write(Json json, StopView stop) {
        json.object(() -> {
            if (stop.phase != null) json.field("phase", stop.phase.name());
            json.field("mode", stop.mode.name())
                    .field("reason", stop.reason)
                    .field("budgetMillis", stop.budget.toMillis())
                    .field("usedMillis", stop.used.toMillis())
                    .field("leftMillis", stop.left.toMillis())
                    .field("phaseLeftMillis", stop.phaseLeft.toMillis());
        });
    }

    private static void write(Json json, PartView part) {
        json.object(() -> {
            json.field("component", part.name)
                    .field("state", part.state.name())
                    .field("level", part.level.name());
            if (part.fate != null) json.field("fate", part.fate.name());
            json.list("gates", part.gates, ScopeView::write);
            json.list("tasks", part.tasks, ScopeView::write);
            json.list("mailboxes", part.mailboxes, ScopeView::write);
            if (part.inner != null) write(json.key("nested"), part.inner);
        });
    }

    private static void write(Json json, GateView gate) {
        json.object(() ->
                json.field("gate", gate.name)
                        .field("entry", gate.isClosed ? "CLOSED" : "OPEN")
                        .field("inside", gate.inside)
                        .list("holders", gate.holders, ScopeView::write));
    }

    private static void write(Json json, HolderView holder) {
        json.object(() ->
                json.field("who", holder.who)
                        .field("doing", holder.doing)
                        .field("thread", holder.thread.name)
                        .texts("stack", holder.thread.stack));
    }

    private static void write(Json json, ThreadView thread) {
        json.object(() -> json.field("task", thread.name).texts("stack", thread.stack));
    }

    private static void write(Json json, MailboxView mailbox) {
        json.object(() -> {
            json.field("mailbox", mailbox.name).field("size", mailbox.size);
            if (mailbox.sealReason != null) json.map("sealed", Map.of("by", mailbox.sealReason));
        });
    }
}
