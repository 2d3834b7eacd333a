package dev.holdfast.system.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// The wall clock of processes that are started over it: libfaketime answers them instead of the
/// machine, whose own clock stays as it is. Monotonic time is not touched.
public final class WallClock {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Path library;
    private final Path file;

    private WallClock(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    /// One that is right so far; skips the running test, aloud, where libfaketime is missing.
    public static WallClock assume(Path folder) {
        Optional<Path> library = library();
        assumeTrue(library.isPresent(), "libfaketime is not installed");
        var clock = new WallClock(library.get(), folder.resolve("clock"));
        clock.show("+0");
        return clock;
    }

    private static Optional<Path> library() {
        try (var machines = Files.list(Path.of("/usr/lib"))) {
            return machines.map(machine -> machine.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::exists)
                    .findFirst();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Shows the right time and `difference`, which may be negative.
    public void shift(Duration difference) {
        long seconds = difference.toSeconds();
        show(seconds < 0 ? "" + seconds : "+" + seconds);
    }

    /// Stops it, at the right time and `difference`.
    public void freeze(Duration difference) {
        show(TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plus(difference)));
    }

    private void show(String what) {
        try {
            Path next = file.resolveSibling("clock-next");
            Files.writeString(next, what + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The same conditions, with this clock.
    public Conditions under(Conditions conditions) {
        return conditions
                .with("LD_PRELOAD", library.toString())
                .with("FAKETIME_TIMESTAMP_FILE", file.toString())
                .with("FAKETIME_NO_CACHE", "1")
                .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .with("FAKETIME_FORCE_MONOTONIC_FIX", "0") // else waits with a time never end
                .with("NO_FAKE_STAT", "1")
                .with("TZ", "UTC");
    }
}
