package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.tangle.Diagnosis;
import dev.holdfast.lifecycle.tangle.Frames;
import dev.holdfast.lifecycle.tangle.Motion;
import dev.holdfast.lifecycle.text.Json;
import dev.holdfast.lifecycle.wait.WaitView;
import java.time.Duration;
import java.util.List;

/// Why a scope does not move: who waits for whom, in a circle or for long, and who is inside.
///
/// @param circles waits that wait for each other, each as its members in order
/// @param waits under way, the longest first, without idle consumers
/// @param holders of gates, with where each stands
/// @param tasks that run, with where each stands
/// @param mailboxes that hold something
/// @param standstills of work that is left and does not move, as far as looks have seen
public record StuckReport(
        List<List<String>> circles,
        List<WaitView> waits,
        List<String> holders,
        List<String> tasks,
        List<String> mailboxes,
        List<String> standstills) {
    private static final int NAMED_MAX = 100;

    /// @param ofStop waits of the stop itself, which are nobody's
    static StuckReport of(Scope.Crew crew, List<WaitView> ofStop, Motion motion) {
        Diagnosis diagnosis = new Diagnosis(Duration.ZERO);
        diagnosis.addWaits(crew.word().waits());
        diagnosis.addWaits(ofStop);
        tellThreads(crew, diagnosis);
        describe(crew, diagnosis);
        describeMotion(crew, motion, diagnosis);
        return new StuckReport(
                diagnosis.circles(),
                diagnosis.waits(),
                diagnosis.holders(),
                diagnosis.tasks(),
                diagnosis.mailboxes(),
                diagnosis.standstills());
    }

    /// Circles of waits each of which has lasted `least`.
    static List<List<String>> circlesIn(
            Scope.Crew crew, List<WaitView> ofStop, Motion motion, Duration least) {
        Diagnosis diagnosis = new Diagnosis(least);
        diagnosis.addWaits(crew.word().waits());
        diagnosis.addWaits(ofStop);
        describeMotion(crew, motion, diagnosis);
        if (diagnosis.isIdle()) return List.of();
        tellThreads(crew, diagnosis);
        return diagnosis.circles();
    }

    private static void tellThreads(Scope.Crew crew, Diagnosis diagnosis) {
        diagnosis.addLocks(crew.word().trackedLocks());
        crew.gates().forEach(diagnosis::addGate);
        for (Cell cell : crew.cells().values()) {
            cell.tellThreads(diagnosis);
            Scope inner = cell.inner();
            if (inner != null) tellThreads(inner.crew(), diagnosis);
        }
    }

    private static void describe(Scope.Crew crew, Diagnosis diagnosis) {
        crew.gates().forEach(diagnosis::describe);
        for (Cell cell : crew.cells().values()) {
            cell.describeTo(diagnosis);
            Scope inner = cell.inner();
            if (inner != null) describe(inner.crew(), diagnosis);
        }
    }

    private static void describeMotion(Scope.Crew crew, Motion motion, Diagnosis diagnosis) {
        for (Cell cell : crew.cells().values()) {
            cell.describeTo(diagnosis, motion);
            Scope inner = cell.inner();
            if (inner != null) describeMotion(inner.crew(), motion, diagnosis);
        }
    }

    /// One readable page.
    public String toPage() {
        StringBuilder out = new StringBuilder();
        circles.forEach(circle ->
                line(out, "circle: ", String.join(" -> ", circle) + " -> " + circle.get(0)));
        waits.forEach(wait -> line(out, "wait: ", wait));
        holders.forEach(holder -> line(out, "inside: ", holder));
        tasks.forEach(task -> line(out, "runs: ", task));
        mailboxes.forEach(mailbox -> line(out, "mailbox: ", mailbox));
        standstills.forEach(still -> line(out, "stands still: ", still));
        return out.isEmpty() ? "nothing waits\n" : out.toString();
    }

    /// One object of JSON: the circles, and the longest waits with where each waiter stands.
    /// docs/operating/lifecycle.md names the fields.
    public String toJson() {
        Json json = new Json();
        json.object(() ->
                json.list("circles", circles, (out, circle) -> out.texts(circle))
                        .field("waitsInAll", waits.size())
                        .list(
                                "waits",
                                waits.stream().limit(NAMED_MAX).toList(),
                                StuckReport::write));
        return json.toString();
    }

    private static void write(Json json, WaitView wait) {
        json.object(() ->
                json.field("thread", wait.waiter().getName())
                        .field("party", wait.party())
                        .field("kind", wait.kind().name())
                        .field("resource", wait.resource())
                        .field("waker", wait.waker())
                        .field("soFarMillis", wait.soFar().toMillis())
                        .field("leftMillis", wait.left().toMillis())
                        .texts("stack", Frames.of(wait.waiter())));
    }

    private static void line(StringBuilder out, String what, Object content) {
        out.append(what).append(content).append('\n');
    }
}
