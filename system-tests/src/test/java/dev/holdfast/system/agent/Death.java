package dev.holdfast.system.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What a method that [FaultAgent] has changed meets first: nothing, until a file appears.
public final class Death {
    /// Ways to die.
    public enum Kind {
        /// An error that nobody has planned for.
        ERROR,
        /// Calls without end.
        STACK_OVERFLOW,
        /// Objects without end, on the heap of the whole process.
        OUT_OF_MEMORY,
        /// None at all: it never goes on, with whatever locks it holds.
        HANG
    }

    private static volatile Path trigger = Path.of("/nonexistent");
    private static volatile Kind kind = Kind.ERROR;
    private static final List<byte[]> HOG = new ArrayList<>();

    private Death() {}

    static void prepare(Kind way, Path file) {
        kind = way;
        trigger = file;
    }

    /// Dies, if it is time to.
    public static void meet() {
        if (!Files.exists(trigger)) return;
        switch (kind) {
            case ERROR -> throw new Error("planted death");
            case STACK_OVERFLOW -> dig(0);
            case OUT_OF_MEMORY -> eat();
            case HANG -> stay();
        }
    }

    private static long dig(long depth) {
        return dig(depth + 1) + 1;
    }

    private static void stay() {
        while (true) LockSupport.park();
    }

    private static void eat() {
        for (int bytes = 1 << 20; 16 < bytes; bytes /= 2) {
            try {
                while (true) HOG.add(new byte[bytes]);
            } catch (OutOfMemoryError full) {
                if (bytes == 32) throw full;
            }
        }
    }
}
