package dev.holdfast.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenerTest extends BytePipeContract {
    private final BlockingQueue<BytePipe> accepted = new LinkedBlockingQueue<>();
    private Listener listener;

    @BeforeEach
    void listen() throws Exception {
        listener = Listener.open(options(0, 10), accepted::add);
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private static ListenerOptions options(int port, int connectionsMax) {
        var buffers =
                new ListenerOptions.Buffers(
                        ByteSize.bytes(BUFFER_BYTES), ByteSize.bytes(BUFFER_BYTES));
        return new ListenerOptions(
                "127.0.0.1", port, connectionsMax, Bytes.utf8("too many"), buffers);
    }

    @Override
    Ends open() throws Exception {
        var socket = new Socket("127.0.0.1", listener.port());
        socket.setSoTimeout(20_000);
        BytePipe near = accepted.poll(20, TimeUnit.SECONDS);
        return new Ends(near, new SocketEnd(socket));
    }

    @Test
    void shouldTurnAwayWhoeverIsOneTooMany() throws Exception {
        try (Listener small = Listener.open(options(0, 1), accepted::add);
                var first = new Socket("127.0.0.1", small.port())) {
            // given
            BytePipe pipe = accepted.poll(20, TimeUnit.SECONDS);
            // when
            try (var second = new Socket("127.0.0.1", small.port())) {
                // then
                assertEquals("too many", new String(second.getInputStream().readAllBytes()));
            }
            assertEquals(1, small.refused());
            assertTrue(first.isConnected());
            // and there is room again once the first has gone
            pipe.close();
            while (0 < small.connections()) Thread.onSpinWait();
            try (var third = new Socket("127.0.0.1", small.port())) {
                assertEquals("127.0.0.1:" + third.getLocalPort(), acceptedNext().remoteAddress());
            }
        }
    }

    @Test
    void shouldKeepOpenConnectionsWhenItStopsAcceptingAndAcceptAgainLater() throws Exception {
        try (Ends ends = open()) {
            // given
            int port = listener.port();
            // when
            listener.stopAccepting();
            // then
            assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port).close());
            ends.far().write(new byte[] {7});
            assertEquals(7, ends.near().read(java.time.Duration.ofSeconds(20)).at(0));
            listener.resumeAccepting();
            try (Ends again = open()) {
                assertEquals(port, listener.port());
                assertTrue(again.near().isLoopback());
            }
        }
    }

    @Test
    void shouldLetInWhomTheSystemHadLetInWhenItStopsAccepting() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (Listener crowded = Listener.open(options(0, 1_000), accepted::add)) {
            // given: all of them are connected, few have been looked at
            for (int i = 0; i < 200; i++) sockets.add(new Socket("127.0.0.1", crowded.port()));
            // when
            crowded.stopAccepting();
            // then
            for (int i = 0; i < sockets.size(); i++) assertNotNull(acceptedNext(), "pipe " + i);
        } finally {
            for (Socket socket : sockets) socket.close();
        }
    }

    @Test
    void shouldLetInAllWhoWaitAtOneLook() {
        // given
        var channel = new EmbeddedChannel();
        RecvByteBufAllocator.ExtendedHandle look =
                (RecvByteBufAllocator.ExtendedHandle) Listener.manyAtOnce().newHandle();
        look.reset(channel.config());
        // when
        int accepted = 0;
        do {
            look.attemptedBytesRead(1);
            look.lastBytesRead(50 + accepted); // a descriptor
            look.incMessagesRead(1);
            accepted++;
        } while (look.continueReading(() -> look.lastBytesRead() == look.attemptedBytesRead()));
        // then
        assertEquals(256, accepted);
        channel.close();
    }

    @Test
    void shouldSayWhenThePortIsTaken() {
        PipeException taken =
                assertThrows(
                        PipeException.class,
                        () -> Listener.open(options(listener.port(), 1), accepted::add));
        assertTrue(taken.getMessage().contains("cannot listen"), taken.getMessage());
    }

    private BytePipe acceptedNext() throws InterruptedException {
        return accepted.poll(20, TimeUnit.SECONDS);
    }

    private record SocketEnd(Socket socket) implements FarEnd {
        @Override
        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        @Override
        public byte[] read(int count) throws IOException {
            return socket.getInputStream().readNBytes(count);
        }

        @Override
        public void finish() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() {
            quietly(socket::close);
        }
    }
}
