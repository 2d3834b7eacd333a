package dev.holdfast.net;

import dev.holdfast.base.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A socket as a pipe. The event loop moves bytes between the socket and two bounded buffers, and
/// does nothing else.
final class NettyPipe implements BytePipe {
    private static final int SENT_AT_ONCE_MAX = 64 * 1024;

    private final SocketChannel channel;
    private final @Nullable SslHandler tls;
    private final InputQueue input;
    private final long outputMax;
    private final Round round;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sent = lock.newCondition();

    // guarded by lock
    private long unsent;
    private long sentBytes;
    private @Nullable PipeException failure;

    /// @param round of the channel's event loop
    /// @param tls what speaks TLS on the channel; null for bytes as they are
    NettyPipe(
            SocketChannel channel, ListenerOptions options, Round round, @Nullable SslHandler tls) {
        this.channel = channel;
        this.round = round;
        this.tls = tls;
        this.outputMax = options.outputMax().bytes();
        this.input = new InputQueue(options.inputMax().bytes(), new Reading());
    }

    /// The end of the pipe that faces the event loop.
    ChannelInboundHandlerAdapter handler() {
        return new Inbound();
    }

    @Override
    public @Nullable Bytes read(Duration timeout) throws PipeException, InterruptedException {
        return input.take(timeout);
    }

    @Override
    public long available() {
        return input.available();
    }

    @Override
    public boolean isOver() {
        return input.isOver();
    }

    @Override
    public void wake() {
        input.wake();
    }

    @Override
    public void lendTo(StandIn standIn) {
        input.lendTo(standIn);
    }

    @Override
    public Bytes takeLent() {
        return input.takeLent();
    }

    @Override
    public boolean giveBack(Reader reader) {
        return input.giveBack(reader);
    }

    @Override
    public void write(List<Bytes> segments, Duration stallMax)
            throws PipeException, InterruptedException {
        List<ByteBuf> gathered = new ArrayList<>(segments.size());
        int bytes = 0;
        for (Bytes segment : segments) {
            for (int from = 0; from < segment.length(); ) {
                int piece = Math.min(segment.length() - from, SENT_AT_ONCE_MAX - bytes);
                gathered.add(
                        Unpooled.wrappedBuffer(segment.array(), segment.offset() + from, piece));
                from += piece;
                bytes += piece;
                if (bytes < SENT_AT_ONCE_MAX) continue;
                send(gathered, bytes, stallMax);
                gathered.clear();
                bytes = 0;
            }
        }
        if (0 < bytes) send(gathered, bytes, stallMax);
    }

    @Override
    public boolean writeAtOnce(List<Bytes> segments, FlushGroup group) throws PipeException {
        long bytes = 0;
        for (Bytes segment : segments) bytes += segment.length();
        if (SENT_AT_ONCE_MAX < bytes || !tryReserve(bytes)) return false;
        List<ByteBuf> gathered = new ArrayList<>(segments.size());
        for (Bytes segment : segments)
            gathered.add(
                    Unpooled.wrappedBuffer(segment.array(), segment.offset(), segment.length()));
        if (0 == bytes) return true;
        round.sends().add(this, joined(gathered));
        group.add(round.sends());
        return true;
    }

    @Override
    public long unsent() {
        lock.lock();
        try {
            return unsent;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long sent() {
        lock.lock();
        try {
            return sentBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Farewell finish(Duration timeout, Supplier<Duration> more) throws InterruptedException {
        long left = awaitSent(timeout.toNanos());
        Farewell farewell = unsent() == 0 ? Farewell.SENT : Farewell.CUT;
        if (farewell == Farewell.SENT && channel.isActive()) {
            endOutput();
            input.discardUntilEnd(Duration.ofNanos(Math.max(0, left)), more);
        }
        close();
        return farewell;
    }

    // With TLS the other side is told first: else it could not tell the end from a cut.
    private void endOutput() {
        if (tls == null) channel.shutdownOutput();
        else tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
    }

    @Override
    public String remoteAddress() {
        return textOf(channel.remoteAddress());
    }

    @Override
    public String localAddress() {
        return textOf(channel.localAddress());
    }

    @Override
    public boolean isLoopback() {
        InetSocketAddress remote = channel.remoteAddress();
        return remote != null
                && remote.getAddress() != null
                && remote.getAddress().isLoopbackAddress();
    }

    @Override
    public void close() {
        fail(new PipeException(PipeException.Reason.CLOSED, "pipe closed"));
        channel.close();
    }

    private void send(List<ByteBuf> pieces, int bytes, Duration stallMax)
            throws PipeException, InterruptedException {
        reserve(bytes, stallMax);
        round.sends().add(this, joined(pieces));
        round.sends().flush();
    }

    private static ByteBuf joined(List<ByteBuf> pieces) {
        return pieces.size() == 1
                ? pieces.getFirst()
                : Unpooled.wrappedBuffer(pieces.size(), pieces.toArray(ByteBuf[]::new));
    }

    /// Sends what was reserved and written; on the event loop.
    void send(ByteBuf content) {
        int bytes = content.readableBytes();
        channel.writeAndFlush(content)
                .addListener(done -> {
                    if (!done.isSuccess()) fail(broken(done.cause()));
                    release(bytes);
                });
    }

    /// There is no event loop any more that could.
    void couldNotSend(ByteBuf content, Throwable cause) {
        int bytes = content.readableBytes();
        content.release();
        fail(broken(cause));
        release(bytes);
    }

    private void reserve(int bytes, Duration stallMax) throws PipeException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = stallMax.toNanos();
            while (failure == null && 0 < unsent && outputMax < unsent + bytes && 0 < left) {
                long before = unsent;
                left = sent.awaitNanos(left);
                if (unsent < before) left = stallMax.toNanos();
            }
            if (failure != null) throw failure;
            if (0 < unsent && outputMax < unsent + bytes)
                throw new PipeException(
                        PipeException.Reason.STALLED,
                        "peer takes nothing. waited=`" + stallMax + "`, unsent=`" + unsent + "`");
            unsent += bytes;
        } finally {
            lock.unlock();
        }
    }

    private boolean tryReserve(long bytes) throws PipeException {
        lock.lock();
        try {
            if (failure != null) throw failure;
            if (0 < unsent && outputMax < unsent + bytes) return false;
            unsent += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void release(int bytes) {
        lock.lock();
        try {
            unsent -= bytes;
            sentBytes += bytes;
            sent.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long awaitSent(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (0 < unsent && failure == null && 0 < left) left = sent.awaitNanos(left);
            return left;
        } finally {
            lock.unlock();
        }
    }

    private void fail(PipeException cause) {
        lock.lock();
        try {
            if (failure == null) failure = cause;
            sent.signalAll();
        } finally {
            lock.unlock();
        }
        input.fail(cause);
    }

    private static PipeException broken(@Nullable Throwable cause) {
        return new PipeException(PipeException.Reason.BROKEN, "connection broken: " + cause);
    }

    private static String textOf(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress socket)) return "?:0";
        String host = socket.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
    }

    /// Turns the socket's reading off and on.
    private final class Reading implements InputQueue.Source {
        @Override
        public void pause() {
            channel.config().setAutoRead(false);
        }

        @Override
        public void resume() {
            channel.config().setAutoRead(true);
        }
    }

    /// What the event loop tells the pipe.
    private final class Inbound extends ChannelInboundHandlerAdapter {
        private @Nullable Future<?> ticking;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            long nanos = InputQueue.TICK.toNanos();
            ticking =
                    context.executor()
                            .scheduleAtFixedRate(input::tick, nanos, nanos, TimeUnit.NANOSECONDS);
            input.startTicking();
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            Future<?> present = ticking;
            if (present != null) present.cancel(false);
            input.stopTicking();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf received = (ByteBuf) message;
            try {
                byte[] copy = new byte[received.readableBytes()];
                received.readBytes(copy);
                StandIn standIn = input.add(Bytes.wrap(copy));
                if (standIn != null) round.came(standIn);
            } finally {
                received.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            boolean isEnd =
                    event instanceof ChannelInputShutdownEvent
                            || event instanceof SslCloseCompletionEvent;
            if (isEnd) input.end();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            input.end();
            fail(broken(null));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(broken(cause));
            context.close();
        }
    }
}
