package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.wait.WaitView;
import java.util.List;

/// Why a scope does not move: who waits for whom, in a circle or for long, and who is inside.
///
/// @param circles waits that wait for each other, each as its members in order
/// @param waits under way, the longest first, without idle consumers
/// @param holders of gates, with where each stands
/// @param tasks that run, with where each stands
/// @param mailboxes that hold something
public record StuckReport(
        List<List<String>> circles,
        List<WaitView> waits,
        List<String> holders,
        List<String> tasks,
        List<String> mailboxes) {

    /// One readable page.
    public String toPage() {
        StringBuilder out = new StringBuilder();
        circles.forEach(circle ->
                line(out, "circle: ", String.join(" -> ", circle) + " -> " + circle.get(0)));
        waits.forEach(wait -> line(out, "wait: ", wait));
        holders.forEach(holder -> line(out, "inside: ", holder));
        tasks.forEach(task -> line(out, "runs: ", task));
        mailboxes.forEach(mailbox -> line(out, "mailbox: ", mailbox));
        return out.isEmpty() ? "nothing waits\n" : out.toString();
    }

    private static void line(StringBuilder out, String what, Object content) {
        out.append(what).append(content).append('\n');
    }
}
