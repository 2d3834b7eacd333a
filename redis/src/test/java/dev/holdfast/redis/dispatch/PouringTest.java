package dev.holdfast.redis.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.net.PipeException;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.keyspace.TestEnv;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ReplyWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PouringTest {
    private static final int ELEMENTS = 100;
    private static final Bytes ELEMENT = Bytes.wrap(new byte[64 * 1024]);

    private final TestEnv env = new TestEnv(1);

    /// A client that takes each piece in `pieceMillis`.
    private final class Taker implements Outflow {
        private final ReplyWriter out = new ReplyWriter(Protocol.RESP2);
        private final long pieceMillis;
        private long sent;
        private long taking;

        Taker(long pieceMillis) {
            this.pieceMillis = pieceMillis;
        }

        @Override
        public ReplyWriter writer() {
            return out;
        }

        @Override
        public void send(long seq) {
            for (Bytes segment : out.take()) sent += segment.length();
            env.forwardMillis(pieceMillis);
            taking += pieceMillis * 1_000_000;
        }

        @Override
        public long takingNanos() {
            return taking;
        }
    }

    // Each element takes the server as long as `elementMillis`.
    private Listing listing(long elementMillis) {
        return Listing.of(
                Shape.ARRAY,
                () -> ELEMENTS,
                visitor -> {
                    for (int i = 0; i < ELEMENTS; i++) {
                        env.forwardMillis(elementMillis);
                        if (!visitor.take(Reply.bulk(ELEMENT))) return;
                    }
                });
    }

    @Test
    void shouldSendAllThoughTheServerItselfIsSlow() throws Exception {
        var quick = new Taker(10);

        new Pouring(quick, () -> 7).pour(listing(Duration.ofMinutes(1).toMillis()));

        long bytes = quick.sent + quick.out.bytes();
        assertTrue(ELEMENTS * ELEMENT.length() < bytes, "sent " + bytes);
    }

    @Test
    void shouldEndWhenTheClientIsSlow() {
        var slow = new Taker(3_000);
        var pouring = new Pouring(slow, () -> 7);

        var ended = assertThrows(PipeException.class, () -> pouring.pour(listing(0)));

        assertEquals(PipeException.Reason.STALLED, ended.reason());
    }
}
