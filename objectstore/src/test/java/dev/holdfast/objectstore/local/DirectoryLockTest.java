package dev.holdfast.objectstore.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.local.LockResult.Acquired;
import dev.holdfast.objectstore.local.LockResult.HeldBy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir private Path directory;

    @Test
    void shouldNameTheHolderWhenThisProcessHoldsIt() {
        try (DirectoryLock _ = acquire(directory)) {
            // when
            String holder = holder(directory);
            // then
            String self = "pid " + ProcessHandle.current().pid() + " since ";
            assertTrue(holder.startsWith(self) && holder.endsWith("(this process)"), holder);
        }
    }

    @Test
    void shouldKnowTheDirectoryByAnyOfItsNames() throws Exception {
        // given
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        try (DirectoryLock _ = acquire(directory)) {
            // then
            holder(link);
            holder(directory.resolve("../" + directory.getFileName()));
        }
    }

    @Test
    void shouldBeFreeAgainWhenItWasClosed() {
        // given
        DirectoryLock lock = acquire(directory);
        // when
        lock.close();
        lock.close();
        // then: closing the first again takes nothing from the second
        try (DirectoryLock _ = acquire(directory)) {
            lock.close();
            holder(directory);
        }
    }

    @Test
    void shouldWriteDownWhoHoldsIt() throws Exception {
        // given
        Path fresh = directory.resolve("a/b");
        // when
        try (DirectoryLock _ = acquire(fresh)) {
            String text = Files.readString(fresh.resolve(".holdfast.lock"));
            // then
            assertEquals(
                    "pid " + ProcessHandle.current().pid(),
                    text.substring(0, text.indexOf(" since ")));
        }
    }

    private static DirectoryLock acquire(Path directory) {
        return assertInstanceOf(Acquired.class, DirectoryLock.tryAcquire(directory, Env.system()))
                .lock();
    }

    private static String holder(Path directory) {
        return assertInstanceOf(HeldBy.class, DirectoryLock.tryAcquire(directory, Env.system()))
                .holder();
    }
}
