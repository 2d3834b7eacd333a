package dev.holdfast.objectstore.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.PutResult.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest extends ObjectStoreContract {
    @TempDir private Path directory;

    @Override
    protected ObjectStore open() {
        return new LocalStore(directory.resolve("not/yet/there"), Env.system());
    }

    @Override
    protected boolean keepsPutIds() {
        try {
            Path file = Files.createTempFile(directory, "probe", "");
            return PutIdAttribute.isKeptOn(Disk.system(), file, id());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void shouldKeepObjectsAsPlainFilesAtTheirNames() throws IOException {
        // when
        store().put("db/wal/1.sst", List.of(utf8("abc")));
        // then
        assertEquals("abc", Files.readString(directory.resolve("db/wal/1.sst")));
    }

    @Test
    void shouldSeeFilesThatAnotherEngineWrote() throws IOException {
        // given: one finished, one that object_store is still staging
        Files.createDirectories(directory.resolve("db/manifest"));
        Files.writeString(directory.resolve("db/manifest/1.manifest"), "m");
        Files.writeString(directory.resolve("db/manifest/2.manifest#1"), "half");
        // then
        assertEquals(
                List.of("db/manifest/1.manifest"),
                store().list("db/", null, 10).stream().map(ObjectMeta::name).toList());
        assertEquals(utf8("m"), store().get("db/manifest/1.manifest"));
        assertInstanceOf(
                Stored.class, store().putIfAbsent("db/manifest/2.manifest", List.of(), id()));
    }

    @Test
    void shouldWriteNothingWhenItIsOnlyRead() throws IOException {
        // given
        LocalStore store = new LocalStore(directory.resolve("absent"), Env.system());
        // when
        store.get("a");
        store.head("a");
        store.list("", null, 10);
        store.delete("a");
        store.close();
        // then
        assertFalse(Files.exists(directory.resolve("absent")));
    }

    @Test
    void shouldHideWhatBelongsToTheStoreItself() {
        // given
        LocalStore store = store();
        store.put("db/a", List.of(utf8("x")));
        assertInstanceOf(
                LockResult.Acquired.class,
                DirectoryLock.tryAcquire(directory.resolve("db"), Env.system()));
        // then
        assertEquals(1, store.list("", null, 10).size());
        assertThrows(Invalid.class, () -> store.get("db/.holdfast.lock"));
        assertThrows(Invalid.class, () -> store.put(".holdfast-tmp/x", List.of()));
        assertThrows(Invalid.class, () -> store.list(".holdfast-tmp/", null, 10));
    }

    @Test
    void shouldLeaveNoStagedFileBehind() throws IOException {
        // given
        LocalStore store = store();
        // when
        store.put("a", List.of(utf8("1")));
        store.putIfAbsent("a", List.of(utf8("2")), id());
        store.putIfAbsent("b", List.of(utf8("3")), id());
        // then
        try (var staged = Files.list(directory.resolve(".holdfast-tmp"))) {
            assertEquals(List.of(), staged.toList());
        }
    }

    @Test
    void shouldRemoveWhatDeadProcessesLeftOnceItIsOld() throws IOException {
        // given
        Path staging = Files.createDirectories(directory.resolve(".holdfast-tmp"));
        Path old = Files.writeString(staging.resolve(id() + ".part"), "left behind");
        Path fresh = Files.writeString(staging.resolve(id() + ".part"), "perhaps alive");
        long now = System.currentTimeMillis();
        Files.setLastModifiedTime(old, FileTime.fromMillis(now - 2 * 60 * 60 * 1000));
        // when
        store().put("a", List.of());
        // then
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh));
    }

    @Test
    @Tag("SEC-13")
    void shouldRefuseToFollowLinksOutOfTheStore() throws IOException {
        // given
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createSymbolicLink(root.resolve("dir"), outside);
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
        LocalStore store = new LocalStore(root, Env.system());
        // then
        assertThrows(Refused.class, () -> store.get("dir/secret"));
        assertThrows(Refused.class, () -> store.put("dir/new", List.of()));
        assertThrows(Refused.class, () -> store.get("file"));
        assertNull(store.head("file"));
        assertEquals(List.of(), store.list("", null, 10));
        assertFalse(Files.exists(outside.resolve("new")));
    }

    @Test
    void shouldWorkWhenTheRootItselfIsReachedThroughALink() throws IOException {
        // given
        Path real = Files.createDirectories(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        LocalStore store = new LocalStore(link, Env.system());
        // when
        store.put("a/b", List.of(utf8("x")));
        // then
        assertEquals(utf8("x"), store.get("a/b"));
        assertEquals("x", Files.readString(real.resolve("a/b")));
    }

    @Test
    void shouldRefuseNamesThatClashWithADirectoryOrAFile() {
        // given
        LocalStore store = store();
        store.put("a/b", List.of(utf8("x")));
        // then
        assertThrows(Invalid.class, () -> store.put("a", List.of()));
        assertThrows(Invalid.class, () -> store.putIfAbsent("a", List.of(), id()));
        assertThrows(Invalid.class, () -> store.put("a/b/c", List.of()));
        assertThrows(Invalid.class, () -> store.put("a/b/c/d", List.of()));
        assertEquals(utf8("x"), store.get("a/b"));
    }

    @Test
    void shouldGoOnWhenItsDirectoriesWereRemovedMeanwhile() throws IOException {
        // given
        LocalStore store = store();
        store.put("a/b", List.of(utf8("x")));
        for (String gone : List.of("a/b", "a", ".holdfast-tmp"))
            Files.delete(directory.resolve(gone));
        // when: a failed attempt or two may be needed to notice
        var results = IntStream.range(0, 4).mapToObj(_ -> outcomeOf(store, "a/b")).toList();
        // then
        assertTrue(results.contains("Stored"), results.toString());
        assertEquals(utf8("y"), store.get("a/b"));
    }

    @Test
    void shouldKeepThePutIdAcrossOpenings() {
        // given
        Ulid putId = id();
        store().putIfAbsent("a", List.of(), putId);
        // when
        ObjectMeta meta = store().head("a");
        // then
        assertNotNull(meta);
        if (keepsPutIds()) assertEquals(putId, meta.putId());
    }

    private static String outcomeOf(LocalStore store, String name) {
        try {
            return store.put(name, List.of(utf8("y"))).getClass().getSimpleName();
        } catch (RuntimeException failure) {
            return failure.getClass().getSimpleName();
        }
    }

    private LocalStore store() {
        return new LocalStore(directory, Env.system());
    }
}
