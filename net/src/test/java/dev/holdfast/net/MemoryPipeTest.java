package dev.holdfast.net;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

class MemoryPipeTest extends BytePipeContract {
    @Override
    Ends open() {
        MemoryPipe.Pair pair = MemoryPipe.pair(BUFFER_BYTES, MemoryPipe.Origin.HERE);
        return new Ends(pair.server(), new OtherEnd(pair.client()));
    }

    private static final class OtherEnd implements FarEnd {
        private static final Duration LONG = Duration.ofSeconds(20);

        private final MemoryPipe pipe;
        private final ArrayDeque<Byte> rest = new ArrayDeque<>();

        OtherEnd(MemoryPipe pipe) {
            this.pipe = pipe;
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            try {
                for (int from = 0; from < bytes.length; from += 8192)
                    pipe.write(
                            List.of(Bytes.wrap(bytes, from, Math.min(8192, bytes.length - from))),
                            LONG);
            } catch (InterruptedException cut) {
                throw new IOException(cut);
            }
        }

        @Override
        public byte[] read(int count) throws IOException {
            var received = new ByteArrayOutputStream();
            try {
                while (received.size() < count) {
                    if (rest.isEmpty() && !refill()) break;
                    received.write(rest.remove());
                }
            } catch (InterruptedException cut) {
                throw new IOException(cut);
            }
            return received.toByteArray();
        }

        private boolean refill() throws IOException, InterruptedException {
            Bytes piece = pipe.read(LONG);
            if (piece == null) return false;
            for (byte each : piece.toArray()) rest.add(each);
            return true;
        }

        @Override
        public void finish() {
            pipe.endOutput();
        }

        @Override
        public void close() {
            pipe.close();
        }
    }
}
