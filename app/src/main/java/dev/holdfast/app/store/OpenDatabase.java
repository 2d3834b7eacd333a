package dev.holdfast.app.store;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.LocalDirectory;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.OwnedElsewhere;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.local.DirectoryLock;
import dev.holdfast.objectstore.local.LockResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A database that a verb has open, with all that has to be closed again.
///
/// @param db what was opened
public record OpenDatabase<T extends AutoCloseable>(T db, Deque<AutoCloseable> rest)
        implements AutoCloseable {

    private static final String MANIFESTS = "manifest/";

    /// What to do about another process that holds the directory.
    public enum Claim {
        /// Leave it alone, and fail.
        IF_FREE,
        /// Open all the same, which fences it, and gives up what only another node's disk has.
        TAKE_OVER
    }

    /// Opens to look: writes nothing, fences nobody.
    public static OpenDatabase<DbReader> toRead(DatabaseLocation location, Env env) {
        return opened(
                new ArrayDeque<>(),
                rest -> {
                    ObjectStore store = existing(location, env, rest);
                    return Engine.builder(store, location.path())
                            .settings(keyed(Settings.defaults(), location))
                            .openReader();
                });
    }

    /// Opens to write: fences whoever wrote before. Makes the database if there is none.
    public static OpenDatabase<HoldfastDb> toWrite(
            DatabaseLocation location, Settings settings, Claim claim, Env env) {
        return toWrite(location, settings, claim, env, UnaryOperator.identity());
    }

    /// The same, with what `more` says to the builder.
    public static OpenDatabase<HoldfastDb> toWrite(
            DatabaseLocation location,
            Settings settings,
            Claim claim,
            Env env,
            UnaryOperator<EngineBuilder> more) {
        return opened(
                new ArrayDeque<>(),
                rest -> {
                    DirectoryLock lock = claim(location, claim, env);
                    if (lock != null) rest.push(lock);
                    forgetCleanStop(location);
                    ObjectStore store = location.openStore(env);
                    rest.push(store);
                    EngineBuilder builder =
                            Engine.builder(store, location.path())
                                    .settings(keyed(settings, location));
                    if (claim == Claim.TAKE_OVER) builder.takeOver();
                    // What a server of this machine left there is part of the database.
                    Path own = location.localDirectory();
                    if (own != null && LocalDirectory.isFree(own))
                        builder.local(LocalSettings.in(own).withCacheSize(ByteSize.bytes(0)));
                    return opened(more.apply(builder));
                });
    }

    /// `settings` with the keys of `location`.
    public static Settings keyed(Settings settings, DatabaseLocation location) {
        return settings.but().keys(location.keys()).build();
    }

    private static HoldfastDb opened(EngineBuilder builder) {
        try {
            return builder.open();
        } catch (OwnedElsewhere refused) {
            String directory = refused.owner().directory();
            if (directory.isEmpty() || !isHere(directory)) throw refused;
            throw new Failure(
                    ExitStatus.LOCKED,
                    "%s. Maybe it is this machine's directory `%s`: stop its server with SIGTERM"
                            .formatted(refused.getMessage(), directory),
                    refused);
        }
    }

    private static boolean isHere(String directory) {
        try {
            return Disk.system().look(Path.of(directory)) != null;
        } catch (InvalidPathException | IOException unknown) {
            return false;
        }
    }

    /// The store of a database that is there. It is closed with `rest`.
    public static ObjectStore existing(
            DatabaseLocation location, Env env, Deque<AutoCloseable> rest) {
        ObjectStore store = location.openStore(env);
        rest.push(store);
        String prefix = location.path().isEmpty() ? "" : location.path() + "/";
        if (store.list(prefix + MANIFESTS, null, 1).isEmpty())
            throw new Failure(
                    ExitStatus.MISSING, "no database at " + location + elsewhere(store, prefix));
        return store;
    }

    // A person who forgot --path is told of it, if a first look shows what it may be.
    private static String elsewhere(ObjectStore store, String prefix) {
        for (ObjectMeta object : store.list(prefix, null, ObjectStore.LIST_LIMIT_MAX)) {
            int folder = object.name().indexOf("/" + MANIFESTS);
            if (0 < folder)
                return ", but there is one at --path " + object.name().substring(0, folder);
        }
        return "";
    }

    /// Fails if there is no database.
    public static void requireDatabase(DatabaseLocation location, Env env) {
        Deque<AutoCloseable> rest = new ArrayDeque<>();
        try {
            existing(location, env, rest);
        } finally {
            closeAll(rest);
        }
    }

    /// Becomes the one process of this machine that writes to `location`. Null where there is
    /// nothing to lock, or where another process is about to be fenced, which is said aloud.
    public static @Nullable DirectoryLock claim(DatabaseLocation location, Claim claim, Env env) {
        return switch (claim) {
            case IF_FREE -> location.lock(env);
            case TAKE_OVER ->
                    switch (location.tryLock(env)) {
                        case null -> null;
                        case LockResult.Acquired(DirectoryLock lock) -> lock;
                        case LockResult.HeldBy(String holder) -> {
                            Output.remark(
                                    "taking the database over from "
                                            + holder
                                            + ": it is fenced, its next write fails");
                            yield null;
                        }
                    };
        };
    }

    private static void forgetCleanStop(DatabaseLocation location) {
        try {
            if (location.isLocal()) new CleanStopFile(location).remove();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static <T extends AutoCloseable> OpenDatabase<T> opened(
            Deque<AutoCloseable> rest, Function<Deque<AutoCloseable>, T> opening) {
        try {
            return new OpenDatabase<>(opening.apply(rest), rest);
        } catch (RuntimeException | Error failure) {
            closeAll(rest);
            throw failure;
        }
    }

    @Override
    public void close() {
        rest.push(db);
        closeAll(rest);
    }

    private static void closeAll(Deque<AutoCloseable> rest) {
        RuntimeException first = null;
        while (!rest.isEmpty()) {
            try {
                rest.pop().close();
            } catch (Exception failure) {
                if (first == null) first = Failure.of(failure);
            }
        }
        if (first != null) throw first;
    }
}
