package dev.holdfast.lifecycle.matrix;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Tells the parent process that the culprit is at its misdeed. Needs no memory and no lock.
final class Announcement {
    static final String LINE = "at";

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);
    private static final byte[] BYTES = {'a', 't', '\n'};

    private Announcement() {}

    /// Has the class there before it is needed.
    static void prepare() {}

    static void now() {
        try {
            OUT.write(BYTES);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// Announces as soon as `holds`, from a thread that no virtual thread can starve.
    static void once(BooleanSupplier holds) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (!holds.getAsBoolean()) LockSupport.parkNanos(1_000_000);
                    now();
                });
    }
}
