package dev.holdfast.app.store;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.local.DirectoryLock;
import dev.holdfast.objectstore.local.LockResult;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One database: the URL of a store, a path in it (empty for the store's root), and the keys that
/// it is encrypted with.
///
/// @param walUrl of the store that has its log; null if that is the same
public record DatabaseLocation(String url, String path, @Nullable String walUrl, KeyRing keys) {
    private static final String LOCAL = ".holdfast.local";
    private static final Path LOCAL_ELSEWHERE = Path.of("holdfast-local");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    /// Reads what a person typed: a URL, or the path of a directory, which may be relative.
    public static DatabaseLocation of(String data, String path) {
        if (data.isBlank()) throw usage("--data is empty");
        String inside = path.replaceAll("^/+|/+$", "");
        if (!inside.isEmpty() && !ObjectNames.isValid(inside))
            throw usage("--path is not a path in a store: `" + path + "`");
        String url = SCHEME.matcher(data).matches() ? data : urlOf(data);
        return new DatabaseLocation(url, inside, null, KeyRing.none());
    }

    /// The same with its log in the store at `wal`, a URL or the path of a directory.
    public DatabaseLocation withWal(String wal) {
        if (wal.isBlank()) throw usage("--wal-store is empty");
        String there = SCHEME.matcher(wal).matches() ? wal : urlOf(wal);
        return new DatabaseLocation(url, path, there, keys);
    }

    /// The same with these keys.
    public DatabaseLocation with(KeyRing keys) {
        return new DatabaseLocation(url, path, walUrl, keys);
    }

    /// True if both are one place.
    public boolean isAt(DatabaseLocation other) {
        return url.equals(other.url) && path.equals(other.path);
    }

    /// True if it is a directory of this machine.
    public boolean isLocal() {
        return url.toLowerCase(Locale.ROOT).startsWith("file:");
    }

    /// Where its local log lies, if nobody says otherwise: inside of a store that is a directory,
    /// under a name that the store takes for its own; else below the working directory. Null for a
    /// store that does not outlive the process.
    public @Nullable Path localDirectory() {
        if (isLocal()) return ObjectStores.directoryOf(url).resolve(path).resolve(LOCAL);
        if (url.toLowerCase(Locale.ROOT).startsWith("memory:")) return null;
        String name = toString().replaceAll("[^A-Za-z0-9._-]+", "-");
        return LOCAL_ELSEWHERE.resolve(name).toAbsolutePath();
    }

    /// The store. Opening writes nothing.
    public ObjectStore openStore(Env env) {
        try {
            ObjectStore store = ObjectStores.open(url, env);
            if (walUrl == null) return store;
            return Engine.withWalStore(store, path, ObjectStores.open(walUrl, env));
        } catch (ObjectStoreException.Invalid invalid) {
            throw usage(String.valueOf(invalid.getMessage()));
        }
    }

    /// Becomes the one process of this machine that writes here, where that has a meaning: null for
    /// a store that is not a directory. Fails, naming the holder, if another process does.
    public @Nullable DirectoryLock lock(Env env) {
        LockResult result = tryLock(env);
        return switch (result) {
            case null -> null;
            case LockResult.Acquired(DirectoryLock lock) -> lock;
            case LockResult.HeldBy(String holder) ->
                    throw new Failure(
                            ExitStatus.LOCKED,
                            "the database at " + this + " is in use by " + holder);
        };
    }

    /// Like [#lock], but tells who holds the directory. Null where there is nothing to lock.
    public @Nullable LockResult tryLock(Env env) {
        return isLocal() ? DirectoryLock.tryAcquire(directory(), env) : null;
    }

    // Nothing is written where a link leads to: that belongs to somebody else.
    private Path directory() {
        Path root = ObjectStores.directoryOf(url);
        Path directory = root.resolve(path);
        try {
            Path real = Disk.system().real(directory);
            if (!real.equals(Disk.system().real(root).resolve(path)))
                throw usage("--path leads out of the store: `" + path + "`");
        } catch (DiskException notThere) {
            return directory; // whoever uses it says what is wrong with it
        }
        return directory;
    }

    private static String urlOf(String directory) {
        try {
            return Path.of(directory)
                    .toAbsolutePath()
                    .normalize()
                    .toUri()
                    .toString()
                    .replaceAll("(?<=[^/])/$", "");
        } catch (InvalidPathException malformed) {
            throw usage("--data is neither a URL nor a path: `" + directory + "`");
        }
    }

    private static Failure usage(String message) {
        return new Failure(ExitStatus.USAGE, message);
    }

    // What follows a question mark says how to reach the store, not which one it is.
    @Override
    public String toString() {
        String place = url.replaceAll("\\?.*", "");
        return path.isEmpty() ? place : place.replaceAll("/+$", "") + "/" + path;
    }
}
