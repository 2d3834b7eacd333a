package dev.holdfast.app.admin;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// The answer of `/lifecycle` as a page for people. Not thread-safe.
public final class StuckPage {
    private static final int FRAMES_SHOWN = 6;

    private final JsonNode answer;
    private final StringBuilder out = new StringBuilder();

    private StuckPage(JsonNode answer) {
        this.answer = answer;
    }

    /// The page.
    public static String of(JsonNode answer) {
        return new StuckPage(answer).page();
    }

    /// True if threads wait for each other in a circle, or a stop has used up its time.
    public static boolean isStuck(JsonNode answer) {
        JsonNode stop = answer.path("stop");
        boolean isLate = stop.has("phase") && stop.path("leftMillis").asLong(0) <= 0;
        return isLate || !answer.path("circles").isEmpty();
    }

    private String page() {
        line(
                "holdfast process %d: %s, %s (level %s, epoch %d)",
                answer.path("pid").asLong(0),
                text(answer, "state"),
                text(answer, "readiness").equals("READY") ? "ready" : "not ready",
                text(answer, "level"),
                answer.path("epoch").asLong(0));
        if (answer.has("stop")) stop(answer.path("stop"));
        circles();
        waits();
        section("inside gates, by component");
        gates(text(answer, "scope"), answer.path("gates"));
        parts("", answer, this::gatesOf);
        section("running tasks, by component");
        parts("", answer, this::tasksOf);
        section("mailboxes, by component");
        parts("", answer, this::mailboxesOf);
        previous(answer.path("previous"));
        return out.toString();
    }

    private void stop(JsonNode stop) {
        line(
                "stop: %s, mode %s, because of %s; %s of %s left, %s of this phase",
                stop.has("phase") ? text(stop, "phase") : "no phase",
                text(stop, "mode"),
                text(stop, "reason"),
                seconds(stop, "leftMillis"),
                seconds(stop, "budgetMillis"),
                seconds(stop, "phaseLeftMillis"));
    }

    private void circles() {
        if (answer.path("circles").isEmpty()) line("circles: none, nobody waits for himself");
        for (JsonNode circle : answer.path("circles")) {
            StringBuilder members = new StringBuilder();
            for (JsonNode member : circle) members.append(member.asString()).append(" -> ");
            line("circle: %s%s", members, circle.path(0).asString(""));
        }
    }

    private void waits() {
        long all = answer.path("waitsInAll").asLong(0);
        line("waits: %s", all == 0 ? "none" : all + ", the longest first");
        for (JsonNode wait : answer.path("waits")) {
            line(
                    "  %s  `%s` of `%s` waits for %s `%s`, which `%s` must end; gives up in %s",
                    seconds(wait, "soFarMillis"),
                    text(wait, "thread"),
                    text(wait, "party"),
                    text(wait, "kind").toLowerCase(Locale.ROOT),
                    text(wait, "resource"),
                    text(wait, "waker"),
                    seconds(wait, "leftMillis"));
            stack("      ", wait.path("stack"));
        }
    }

    private void section(String title) {
        line("%s:", title);
    }

    /// What to show of one component.
    private interface PartWriter {
        void write(String path, JsonNode part);
    }

    private void parts(String above, JsonNode scope, PartWriter writer) {
        for (JsonNode part : scope.path("components")) {
            String path = above + text(part, "component");
            writer.write(path, part);
            if (part.has("nested")) parts(path + "/", part.path("nested"), writer);
        }
    }

    private void gatesOf(String path, JsonNode part) {
        gates(path, part.path("gates"));
        if (part.has("nested")) gates(path, part.path("nested").path("gates"));
    }

    private void gates(String path, JsonNode gates) {
        for (JsonNode gate : gates) {
            long inside = gate.path("inside").asLong(0);
            if (inside == 0) continue;
            line(
                    "  %s: %d in `%s` (%s)",
                    path, inside, text(gate, "gate"), text(gate, "entry").toLowerCase(Locale.ROOT));
            for (JsonNode holder : gate.path("holders")) {
                line("    `%s` doing `%s`", text(holder, "who"), text(holder, "doing"));
                stack("      ", holder.path("stack"));
            }
            long unnamed = inside - gate.path("holders").size();
            if (0 < unnamed) line("    and %d more", unnamed);
        }
    }

    private void tasksOf(String path, JsonNode part) {
        String state = text(part, "state");
        String fate = part.has("fate") ? ", so far " + text(part, "fate") : "";
        if (!part.path("tasks").isEmpty() || !fate.isEmpty()) line("  %s: %s%s", path, state, fate);
        for (JsonNode task : part.path("tasks")) {
            line("    `%s`", text(task, "task"));
            stack("      ", task.path("stack"));
        }
    }

    private void mailboxesOf(String path, JsonNode part) {
        for (JsonNode mailbox : part.path("mailboxes")) {
            if (mailbox.path("size").asLong(0) == 0) continue;
            line(
                    "  %s: `%s` holds %d%s",
                    path,
                    text(mailbox, "mailbox"),
                    mailbox.path("size").asLong(0),
                    mailbox.has("sealed") ? ", sealed" : "");
        }
    }

    private void previous(JsonNode previous) {
        JsonNode report = previous.path("report");
        if (report.isObject())
            line(
                    "the run before: %s (exit code %d), stopped in %s because of %s",
                    text(report, "exit"),
                    report.path("exitCode").asInt(-1),
                    seconds(report, "usedMillis"),
                    text(report, "reason"));
        else line("the run before: no report%s", isClean(previous) ? ", but a clean stop" : "");
    }

    private static boolean isClean(JsonNode previous) {
        return text(previous, "cleanMarker").equals("PRESENT");
    }

    private void stack(String indent, JsonNode frames) {
        int shown = 0;
        for (JsonNode frame : frames) {
            if (FRAMES_SHOWN <= shown++) return;
            line("%sat %s", indent, frame.asString());
        }
    }

    private static String text(JsonNode object, String name) {
        return object.path(name).asString("");
    }

    private static String seconds(JsonNode object, String name) {
        double seconds = object.path(name).asLong(0) / 1000.0;
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private void line(String format, Object... words) {
        out.append(String.format(Locale.ROOT, format, words)).append('\n');
    }
}
