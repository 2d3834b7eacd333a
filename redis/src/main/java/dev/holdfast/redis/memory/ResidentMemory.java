package dev.holdfast.redis.memory;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the process takes of the machine's memory.
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private ResidentMemory() {}

    /// In bytes; where the system does not tell, what the heap has taken.
    @Adapter("the kernel tells it in a file")
    public static long bytes() {
        try {
            for (String line : Files.readAllLines(STATUS))
                if (line.startsWith(RESIDENT))
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        } catch (IOException elsewhere) {
            return Runtime.getRuntime().totalMemory();
        }
        return Runtime.getRuntime().totalMemory();
    }
}
