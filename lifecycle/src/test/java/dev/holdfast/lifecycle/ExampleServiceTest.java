package dev.holdfast.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.gate.Offer;
import dev.holdfast.lifecycle.gate.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A whole service as a stranger would write it: the example of docs/design/lifecycle.md.
@Timeout(30)
class ExampleServiceTest {
    // example begins
    /// Accepts letters through a gate, and delivers them on a task of its own.
    static final class PostOffice implements Component {
        final AtomicInteger delivered = new AtomicInteger();
        private final Mailbox<String> letters =
                new Mailbox<>("letters", 100, "clients", "post-office");
        private Gate counter;
        private Task delivery;

        @Override
        public String name() {
            return "post-office";
        }

        @Override
        public Set<Phase> phases() {
            return EnumSet.of(Phase.REJECT, Phase.DRAIN, Phase.PERSIST);
        }

        @Override
        public void start(StartContext context) {
            counter = context.gate("counter");
            context.watch(letters);
            delivery = context.fork(name(), () -> deliver(context));
        }

        boolean post(String letter) {
            try (Pass _ = counter.enter("client", "post")) {
                return letters.offer(letter) == Offer.ACCEPTED;
            }
        }

        private void deliver(StartContext context) throws InterruptedException {
            while (!letters.isFinished()) {
                Deadline idle = Deadline.after(context.env(), Duration.ofMinutes(1));
                if (letters.take(idle, context.token()) != null) delivered.incrementAndGet();
            }
        }

        @Override
        public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
            return switch (phase) {
                case REJECT -> {
                    counter.close();
                    yield Outcome.done();
                }
                case DRAIN -> Outcome.cut("clients", counter.drain(context.deadline()).size());
                default -> {
                    letters.seal(context.reason());
                    boolean isOver = delivery.join(context.deadline());
                    yield isOver ? Outcome.done() : Outcome.cut("letters", letters.size());
                }
            };
        }
    }

    // example ends

    @Test
    void shouldStandOnItsPageWordForWordInAtMostFortyLines() throws IOException {
        // given
        String page = Files.readString(Path.of("../docs/design/lifecycle.md"), UTF_8);
        String source =
                Files.readString(
                        Path.of("src/test/java/dev/holdfast/lifecycle", "ExampleServiceTest.java"),
                        UTF_8);
        // when
        String shown = between(page, "```java\n", "```");
        String compiled = between(source, "// example begins\n", "// example ends");
        // then
        assertEquals(words(compiled.replace("static final class", "final class")), words(shown));
        long lines = shown.lines().filter(line -> !line.isBlank()).count();
        assertTrue(lines <= 40, lines + " lines");
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void shouldDeliverWhatWasAcceptedBeforeTheStop() throws Exception {
        // given
        var office = new PostOffice();
        Scope scope = Scope.builder("town", Env.system()).add(office).build();
        scope.start();
        for (int i = 0; i < 50; i++) assertEquals(true, office.post("letter " + i));
        // when
        ShutdownReport report = scope.stop(Mode.SMART, Duration.ofSeconds(5), "evening");
        // then
        assertEquals(50, office.delivered.get());
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }
}
