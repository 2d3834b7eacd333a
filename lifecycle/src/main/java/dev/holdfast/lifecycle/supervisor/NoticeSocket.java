package dev.holdfast.lifecycle.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.base.Adapter;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A Unix datagram socket that sends to one address: a path, or a name in Linux's abstract space,
/// written with an `@` in front.
///
/// The JDK's channels know stream sockets only, so this calls the C library through the
/// foreign-function API. Linux alone; a send never blocks. Thread-safe.
@Adapter("calls the C library's sockets")
final class NoticeSocket {
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
    private static final int FAMILY_BYTES = 2;
    private static final int PATH_BYTES_MAX = 108;

    private final MethodHandle sendto;
    private final int descriptor;
    private final MemorySegment address;

    private NoticeSocket(MethodHandle sendto, int descriptor, MemorySegment address) {
        this.sendto = sendto;
        this.descriptor = descriptor;
        this.address = address;
    }

    /// A socket that sends to `name`. Throws whatever the platform throws if it cannot be had.
    static NoticeSocket to(String name) throws Throwable {
        MethodHandle socket =
                function(
                        "socket",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));
        MethodHandle sendto =
                function(
                        "sendto",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        MemorySegment address = addressOf(name);
        int descriptor = (int) socket.invokeExact((int) AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (descriptor < 0) throw new IllegalStateException("no datagram socket can be had");
        return new NoticeSocket(sendto, descriptor, address);
    }

    @SuppressWarnings("restricted") // native access is what this class is for
    private static MethodHandle function(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
    }

    // An abstract name begins with a zero byte and ends where the address ends.
    private static MemorySegment addressOf(String name) {
        byte[] path = name.getBytes(UTF_8);
        if (path.length == 0 || PATH_BYTES_MAX <= path.length) {
            throw new IllegalArgumentException("not the address of a socket: " + name);
        }
        boolean isAbstract = path[0] == '@';
        if (isAbstract) path[0] = 0;
        int end = isAbstract ? 0 : 1;
        MemorySegment address =
                Arena.ofAuto().allocate((long) FAMILY_BYTES + path.length + end, Long.BYTES);
        address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, path.length);
        return address;
    }

    /// Sends `text` as one datagram. False if it was not taken: nobody listens, or it is full.
    boolean send(String text) throws Throwable {
        byte[] bytes = text.getBytes(UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long sent =
                    (long)
                            sendto.invokeExact(
                                    descriptor,
                                    message,
                                    (long) bytes.length,
                                    MSG_DONTWAIT_NOSIGNAL,
                                    address,
                                    (int) address.byteSize());
            return sent == bytes.length;
        }
    }
}
