package dev.holdfast.objectstore.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The nth fsync of a process fails with EIO, as strace makes it fail.
class LocalStoreFsyncTest {
    @TempDir private Path directory;

    @BeforeEach
    void needStrace() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/strace")),
                "SKIPPED: a failing fsync needs strace");
    }

    @Test
    void shouldNeverClaimWhatAFailedFsyncLeftInDoubt() throws Exception {
        // given: the fsyncs in the order of the calls, after those of what lies above the root
        Map<Integer, String> expected = new TreeMap<>();
        expected.put(0, "Unavailable Refused null");
        // 1 the root, for the new directory of the object; 2 the root, for the staging directory
        expected.put(1, "Unavailable Refused null");
        expected.put(2, "Unavailable Refused null");
        // 3 the staged bytes of the first put: a fresh file has nothing to do with the failed one
        expected.put(3, "Unavailable Stored null");
        // 4 the first object's name: it is there, but nobody may build on it
        expected.put(4, "Unknown Refused Refused");
        // 5 the staged bytes of the second put; 6 its name, which is what the third call asks for
        expected.put(5, "Stored Unavailable a");
        expected.put(6, "Stored Unknown a");
        // and none at all
        expected.put(100, "Stored Stored a");
        // when
        Map<Integer, String> found = new TreeMap<>();
        for (int n : expected.keySet()) found.put(n, outcomesWhenFsyncFails(n));
        // then
        assertEquals(expected, found);
    }

    private String outcomesWhenFsyncFails(int nth) throws Exception {
        Path root = Files.createDirectories(directory.resolve("fsync" + nth)).toRealPath();
        var strace =
                List.of(
                        "/usr/bin/strace",
                        "-f",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=fsync",
                        "-e",
                        "inject=fsync:error=EIO:when=" + (root.getNameCount() + nth));
        try (var child = ChildProcess.startUnder(strace, Putter.class, root.toString())) {
            return child.output().lines().collect(Collectors.joining());
        }
    }

    /// Puts two objects in one directory, reads the first back, and prints how each went.
    static final class Putter {
        public static void main(String[] args) {
            var store = new LocalStore(Path.of(args[0]), Env.system());
            var id = Ulid.next(Env.system());
            String first = outcome(() -> store.putIfAbsent("x/a", List.of(Bytes.utf8("a")), id));
            String second = outcome(() -> store.put("x/b", List.of(Bytes.utf8("b"))));
            System.out.println(first + " " + second + " " + outcome(() -> store.get("x/a")));
        }

        private static String outcome(Supplier<Object> call) {
            try {
                Object answer = call.get();
                return answer instanceof Record
                        ? answer.getClass().getSimpleName()
                        : String.valueOf(answer);
            } catch (RuntimeException failure) {
                return failure.getClass().getSimpleName();
            }
        }
    }
}
