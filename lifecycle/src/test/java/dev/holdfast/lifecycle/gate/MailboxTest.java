package dev.holdfast.lifecycle.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailboxTest {
    private final StateWord word = new StateWord("engine", Env.system());
    private final Token token = word.token();
    private final Mailbox<String> mailbox = new Mailbox<>("frozen", 2, "writer", "flusher");

    private static Deadline in(long millis) {
        return Deadline.after(Env.system(), Duration.ofMillis(millis));
    }

    @Test
    void shouldPushBackWhenFull() throws Exception {
        assertEquals(Offer.ACCEPTED, mailbox.offer("a"));
        assertEquals(Offer.ACCEPTED, mailbox.put("b", in(20), token));
        assertEquals(Offer.FULL, mailbox.offer("c"));
        assertEquals(Offer.FULL, mailbox.put("c", in(20), token));
        assertEquals("a", mailbox.take(in(20), token));
        assertEquals(Offer.ACCEPTED, mailbox.offer("c"));
        assertEquals(List.of("b", "c"), mailbox.remaining());
    }

    @Test
    @Tag("LIFE-24")
    @Tag("INC-4")
    void life24ShouldAnswerSealedAndNeitherThrowNorBlock() throws Exception {
        mailbox.offer("a");
        mailbox.seal("stop");
        mailbox.seal("again");
        assertEquals(Offer.SEALED, mailbox.offer("b"));
        assertEquals(Offer.SEALED, mailbox.put("b", in(20_000), token));
        assertEquals("stop", mailbox.sealReason());
    }

    @Test
    @Tag("LIFE-22")
    @Tag("INC-4")
    void life22ShouldHandOutOrListWhatWasInWhenItWasSealed() throws Exception {
        mailbox.offer("a");
        mailbox.offer("b");
        mailbox.seal("stop");
        assertFalse(mailbox.isFinished());
        assertEquals("a", mailbox.take(in(20), token));
        assertEquals(List.of("b"), mailbox.remaining());
        assertEquals("b", mailbox.poll());
        assertNull(mailbox.take(in(20_000), token));
        assertTrue(mailbox.isFinished());
    }

    @Test
    void shouldWakeATakerWhenItIsSealed() throws Exception {
        var taken = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> taken.complete(String.valueOf(take())));
        while (word.waits().isEmpty()) Thread.onSpinWait();
        mailbox.seal("stop");
        assertEquals("null", taken.get(10, TimeUnit.SECONDS));
    }

    @Test
    @Tag("LIFE-9")
    void life9ShouldLetGoOfAPutterWhenTheConsumerHasEnded() throws Exception {
        mailbox.offer("a");
        mailbox.offer("b");
        word.announceGone("flusher");
        assertEquals(Offer.FULL, mailbox.put("c", in(20_000), token));
    }

    @Test
    void shouldLoseNothingBetweenManyProducersAndConsumers() throws Exception {
        List<Thread> producers = new ArrayList<>();
        var taken = java.util.Collections.synchronizedList(new ArrayList<String>());
        for (int i = 0; i < 4; i++) {
            String own = "p" + i;
            producers.add(Thread.ofVirtual().start(() -> putMany(own)));
        }
        List<Thread> consumers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            consumers.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (String s = take(); s != null; s = take()) taken.add(s);
                            }));
        }
        for (Thread thread : producers) thread.join();
        mailbox.seal("done");
        for (Thread thread : consumers) thread.join();
        assertEquals(4_000, taken.stream().distinct().count());
    }

    private void putMany(String own) {
        for (int i = 0; i < 1_000; i++) {
            try {
                assertEquals(Offer.ACCEPTED, mailbox.put(own + i, in(20_000), token));
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    private String take() {
        try {
            return mailbox.take(in(20_000), token);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
