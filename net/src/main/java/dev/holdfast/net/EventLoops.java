package dev.holdfast.net;

import dev.holdfast.base.Adapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The threads that move bytes between sockets and buffers: epoll where the machine has it, else
/// the JDK's selector.
@Adapter("Netty's event loops are threads of their own")
record EventLoops(EventLoopGroup group, Class<? extends ServerSocketChannel> channelType) {
    private static final int THREADS_MAX = 4;
    private static final int PROCESSORS_EACH = 2; // one for it, one for what it brings to do

    static EventLoops start(String name) {
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = Math.clamp(processors / PROCESSORS_EACH, 1, THREADS_MAX);
        var factory = new DefaultThreadFactory(name, true);
        return Epoll.isAvailable()
                ? new EventLoops(
                        new MultiThreadIoEventLoopGroup(
                                threads, factory, EpollIoHandler.newFactory()),
                        EpollServerSocketChannel.class)
                : new EventLoops(
                        new MultiThreadIoEventLoopGroup(
                                threads, factory, NioIoHandler.newFactory()),
                        NioServerSocketChannel.class);
    }

    /// Ends the threads; true if they have ended within `timeout`.
    boolean stop(Duration timeout) throws InterruptedException {
        long millis = timeout.toMillis();
        group.shutdownGracefully(0, millis, TimeUnit.MILLISECONDS);
        return group.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }
}
