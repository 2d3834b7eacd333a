package dev.holdfast.net;

import dev.holdfast.base.Bytes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A listening socket and the connections that came through it.
///
/// While the process is out of descriptors it does not accept for a second at a time, so that a
/// full table costs waiting, not a spinning thread. Thread-safe.
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 511;
    private static final int ACCEPTED_AT_ONCE_MAX = 256;
    private static final Duration BIND_MAX = Duration.ofSeconds(10);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
    private static final int QUIET_LOOKS = 3;
    private static final int LAST_LOOKS_MIN = 32; // where somebody comes each time
    private static final Duration LAST_LOOKS_FOR = Duration.ofMillis(600);

    private final ListenerOptions options;
    private final EventLoops loops;
    private final ChannelGroup connections =
            new DefaultChannelGroup("connections", GlobalEventExecutor.INSTANCE);
    private final Map<EventLoop, Round> rounds = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final Consumer<BytePipe> onConnection;
    private final List<OpenDoor> doors = new ArrayList<>();

    private Listener(ListenerOptions options, EventLoops loops, Consumer<BytePipe> onConnection) {
        this.options = options;
        this.loops = loops;
        this.onConnection = onConnection;
    }

    /// A port, and what is spoken there.
    ///
    /// @param port 0 for any that is free
    /// @param tls null for bytes as they are
    public record Door(int port, @Nullable Tls tls) {}

    /// A door that was bound.
    private final class OpenDoor {
        private final @Nullable Tls tls;
        private final int port;
        private volatile Channel server;
        private volatile boolean isClosing;

        OpenDoor(Door door) throws PipeException, InterruptedException {
            tls = door.tls;
            server = bind(door.port, door.tls);
            port = ((InetSocketAddress) server.localAddress()).getPort();
        }

        // Whoever the system has let in already would be reset: they come in first.
        void startClosing() {
            Channel closing = server;
            if (!closing.isOpen()) return;
            isClosing = true;
            closing.eventLoop().execute(() -> new LastLooks(closing).look());
        }

        void awaitClosed() throws InterruptedException {
            server.closeFuture().await(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        }

        // Whoever was to await the end of the last looks may not have done so.
        void resumeAccepting() throws PipeException, InterruptedException {
            if (isClosing) awaitClosed();
            if (server.isOpen()) return;
            server = bind(port, tls);
            isClosing = false;
        }
    }

    /// The last looks at a door, on its loop: it closes once some of them, one after the other,
    /// have let nobody in, and at the latest after a while. Each comes after the loop has looked at
    /// its sockets once more. They are counted, too: a loop that waits for a processor has let
    /// nobody in meanwhile.
    private final class LastLooks {
        private final Channel closing;
        private final long begunNanos;
        private long acceptedBefore = -1;
        private int looks;
        private int quiet;

        LastLooks(Channel closing) {
            this.closing = closing;
            begunNanos = closing.eventLoop().ticker().nanoTime();
        }

        void look() {
            if (!closing.isOpen()) return;
            long now = accepted.get();
            quiet = now == acceptedBefore ? quiet + 1 : 0;
            acceptedBefore = now;
            long nanos = closing.eventLoop().ticker().nanoTime() - begunNanos;
            boolean isLate = LAST_LOOKS_MIN < ++looks && LAST_LOOKS_FOR.toNanos() < nanos;
            if (quiet == QUIET_LOOKS || isLate) closing.close();
            else closing.eventLoop().schedule(this::look, 1, TimeUnit.MILLISECONDS);
        }
    }

    /// Binds and accepts. `onConnection` gets each new pipe on an event loop's thread: it must not
    /// wait. Throws `BROKEN` if the address cannot be bound.
    public static Listener open(ListenerOptions options, Consumer<BytePipe> onConnection)
            throws PipeException, InterruptedException {
        return open(options, List.of(new Door(options.port(), null)), onConnection);
    }

    /// Binds `doors` in place of the one port of `options`, and accepts at each. What all of them
    /// let in counts together. `onConnection` gets a pipe of TLS once hands are shaken.
    public static Listener open(
            ListenerOptions options, List<Door> doors, Consumer<BytePipe> onConnection)
            throws PipeException, InterruptedException {
        EventLoops loops = EventLoops.start("net-" + options.port());
        var listener = new Listener(options, loops, onConnection);
        boolean bound = false;
        try {
            for (Door door : doors) listener.doors.add(listener.new OpenDoor(door));
            bound = true;
            return listener;
        } finally {
            if (!bound) listener.close();
        }
    }

    /// The port of the first door.
    public int port() {
        return port(0);
    }

    /// The port of the door at `index`.
    public int port(int index) {
        return doors.get(index).port;
    }

    /// How many connections are open.
    public int connections() {
        return open.get();
    }

    /// How many connections were refused because there were too many.
    public long refused() {
        return refused.get();
    }

    /// Closes the listening socket: new connections are refused by the system from now on, those
    /// that are open stay, as do those that the system had let in.
    public void stopAccepting() throws InterruptedException {
        for (OpenDoor door : doors) door.startClosing();
        for (OpenDoor door : doors) door.awaitClosed();
    }

    /// Listens again on the same ports, after [#stopAccepting]. Throws `BROKEN` if one was taken.
    public void resumeAccepting() throws PipeException, InterruptedException {
        for (OpenDoor door : doors) door.resumeAccepting();
    }

    /// Closes the listening socket and every connection that is left, and ends the threads.
    @Override
    public void close() {
        try {
            stopAccepting();
            connections.close().await(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
            loops.stop(CLOSE_MAX);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    private Channel bind(int port, @Nullable Tls tls) throws PipeException, InterruptedException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.channelType())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.RECVBUF_ALLOCATOR, manyAtOnce())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .handler(new Counting())
                        .childHandler(new Accepting(tls))
                        .bind(options.host(), port);
        bound.await(BIND_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (!bound.isSuccess())
            throw new PipeException(
                    PipeException.Reason.BROKEN,
                    "cannot listen. address=`"
                            + options.host()
                            + ":"
                            + port
                            + "`, cause=`"
                            + (bound.cause() == null ? "no answer" : bound.cause().getMessage())
                            + "`");
        return bound.channel();
    }

    // A loop that has much else to do lets in all who wait each time that it looks. By default it
    // would be one: the epoll transport gives the descriptor for the number of bytes read, and any
    // but the one byte that was asked for would mean that nobody else waits.
    static RecvByteBufAllocator manyAtOnce() {
        return new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(ACCEPTED_AT_ONCE_MAX);
    }

    /// Counts sockets as they are accepted.
    private final class Counting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            accepted.incrementAndGet();
            context.fireChannelRead(message);
        }
    }

    /// Makes a pipe of each accepted socket, or turns it away.
    private final class Accepting extends ChannelInitializer<SocketChannel> {
        private final @Nullable Tls tls;

        Accepting(@Nullable Tls tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            if (options.connectionsMax() < open.incrementAndGet()) {
                refused.incrementAndGet();
                refuse(channel);
                return;
            }
            connections.add(channel);
            SslHandler speaker = tls == null ? null : tls.handler(channel.alloc());
            Round round = rounds.computeIfAbsent(channel.eventLoop(), Round::new);
            var pipe = new NettyPipe(channel, options, round, speaker);
            if (speaker != null) channel.pipeline().addLast(speaker);
            channel.pipeline().addLast(pipe.handler());
            if (speaker == null) onConnection.accept(pipe);
            else
                speaker.handshakeFuture()
                        .addListener(done -> {
                            if (done.isSuccess()) onConnection.accept(pipe);
                            else pipe.close();
                        });
        }

        // Before hands are shaken nothing can be said.
        private void refuse(SocketChannel channel) {
            if (tls != null) {
                channel.close();
                return;
            }
            Bytes refusal = options.refusal();
            channel.writeAndFlush(
                            Unpooled.wrappedBuffer(
                                    refusal.array(), refusal.offset(), refusal.length()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
