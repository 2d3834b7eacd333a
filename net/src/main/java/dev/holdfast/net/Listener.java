package dev.holdfast.net;

import dev.holdfast.base.Bytes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A listening socket and the connections that came through it.
///
/// While the process is out of descriptors it does not accept for a second at a time, so that a
/// full table costs waiting, not a spinning thread. Thread-safe.
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 511;
    private static final Duration BIND_MAX = Duration.ofSeconds(10);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final ListenerOptions options;
    private final EventLoops loops;
    private final ChannelGroup connections =
            new DefaultChannelGroup("connections", GlobalEventExecutor.INSTANCE);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final Consumer<BytePipe> onConnection;
    private volatile Channel server;
    private final int boundPort;

    private Listener(ListenerOptions options, EventLoops loops, Consumer<BytePipe> onConnection)
            throws PipeException, InterruptedException {
        this.options = options;
        this.loops = loops;
        this.onConnection = onConnection;
        this.server = bind(options.port());
        this.boundPort = ((InetSocketAddress) server.localAddress()).getPort();
    }

    /// Binds and accepts. `onConnection` gets each new pipe on an event loop's thread: it must not
    /// wait. Throws `BROKEN` if the address cannot be bound.
    public static Listener open(ListenerOptions options, Consumer<BytePipe> onConnection)
            throws PipeException, InterruptedException {
        EventLoops loops = EventLoops.start("net-" + options.port());
        boolean bound = false;
        try {
            var listener = new Listener(options, loops, onConnection);
            bound = true;
            return listener;
        } finally {
            if (!bound) loops.stop(CLOSE_MAX);
        }
    }

    /// The port that is listened on.
    public int port() {
        return boundPort;
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
    /// that are open stay.
    public void stopAccepting() throws InterruptedException {
        server.close().await(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Listens again on the same port, after [#stopAccepting]. Throws `BROKEN` if that was taken.
    public void resumeAccepting() throws PipeException, InterruptedException {
        if (!server.isOpen()) server = bind(boundPort);
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

    private Channel bind(int port) throws PipeException, InterruptedException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.channelType())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(new Accepting())
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

    /// Makes a pipe of each accepted socket, or turns it away.
    private final class Accepting extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            if (options.connectionsMax() < open.incrementAndGet()) {
                refused.incrementAndGet();
                refuse(channel, options.refusal());
                return;
            }
            connections.add(channel);
            var pipe = new NettyPipe(channel, options);
            channel.pipeline().addLast(pipe.handler());
            onConnection.accept(pipe);
        }

        private static void refuse(SocketChannel channel, Bytes refusal) {
            channel.writeAndFlush(
                            Unpooled.wrappedBuffer(
                                    refusal.array(), refusal.offset(), refusal.length()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
