package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.lua.Memory;
import java.util.SortedMap;

/// The libraries of functions that are kept with the data, compiled. Thread-safe.
///
/// Invariant: a run sees the libraries that its own view of the data shows, with what it has
/// changed itself; if another run changes any of them meanwhile, it starts over.
public final class LibraryShelf {
    private static final System.Logger LOG = System.getLogger("dev.holdfast.redis.script");

    private final LibraryLoader loader;
    private final long bytesMax;
    private volatile Stand latest = new Stand(0, FunctionLibraries.NONE);

    /// @param bytesMax how long all sources together may be
    LibraryShelf(LibraryLoader loader, long bytesMax) {
        this.loader = loader;
        this.bytesMax = bytesMax;
    }

    /// One of its own, beside a server that does not run.
    public static LibraryShelf of(Env env, long heapBytes) {
        var bounds = Scripts.Bounds.of(heapBytes);
        var loader =
                new LibraryLoader(env, new Sandbox(), new Memory.Pool(bounds.all()), bounds.one());
        return new LibraryShelf(loader, bounds.librarySources());
    }

    private record Stand(long version, FunctionLibraries libraries) {}

    /// What becomes of a library that is there already.
    public enum Existing {
        /// It stays, and the new one is refused.
        STAYS,
        /// It gives way.
        GIVES_WAY
    }

    /// What the run of `keyspace` sees.
    FunctionLibraries in(Keyspace keyspace) {
        long version = keyspace.libraryVersion();
        Stand seen = latest;
        if (seen.version == version) return seen.libraries;
        return remember(version, compiled(keyspace.libraries(), seen.libraries));
    }

    /// Keeps the library that `source` makes, and returns its name. An error if it is none, or if
    /// there is one already that stays.
    public String keep(Keyspace keyspace, Bytes source, Existing existing) {
        LibrarySource read = LibrarySource.of(source);
        FunctionLibraries present = in(keyspace);
        if (existing == Existing.STAYS && present.library(read.name()) != null)
            throw new RespError("ERR Library '" + read.name() + "' already exists");
        FunctionLibrary library = loader.load(read, LibraryLoader.BROUGHT);
        FunctionLibraries next = present.with(library);
        checkSize(next);
        keyspace.keepLibrary(read.key(), read.whole());
        remember(keyspace.libraryVersion(), next);
        return read.name();
    }

    /// Like [#keep], but one that is there already just as it comes is kept as it is.
    public String bring(Keyspace keyspace, Bytes source, Existing existing) {
        LibrarySource read = LibrarySource.of(source);
        FunctionLibrary present = in(keyspace).library(read.name());
        boolean isThere = present != null && present.source().whole().equals(source);
        return isThere ? read.name() : keep(keyspace, source, existing);
    }

    /// Removes the library called `name`, and tells whether there was one.
    boolean drop(Keyspace keyspace, String name) {
        FunctionLibraries present = in(keyspace);
        FunctionLibrary library = present.library(name);
        if (library == null) return false;
        keyspace.keepLibrary(library.source().key(), null);
        remember(keyspace.libraryVersion(), present.without(name));
        return true;
    }

    /// Removes all libraries.
    void clear(Keyspace keyspace) {
        for (FunctionLibrary library : in(keyspace).all())
            keyspace.keepLibrary(library.source().key(), null);
    }

    /// `others` and the library that `source` makes. An error if it makes none, or if it cannot
    /// stand with the others.
    FunctionLibraries load(FunctionLibraries others, Bytes source) {
        LibrarySource read = LibrarySource.of(source);
        if (others.library(read.name()) != null)
            throw new RespError("ERR Library '" + read.name() + "' already exists");
        return others.with(loader.load(read, LibraryLoader.BROUGHT));
    }

    /// Keeps all of `brought`, or none of them. An error if one of them is there already and stays,
    /// or has a function that another library has.
    void keepAll(Keyspace keyspace, FunctionLibraries brought, Existing existing) {
        FunctionLibraries next = in(keyspace);
        for (FunctionLibrary each : brought.all()) {
            if (next.library(each.name()) == null) continue;
            if (existing == Existing.STAYS)
                throw new RespError("ERR Library " + each.name() + " already exists");
            next = next.without(each.name());
        }
        for (FunctionLibrary each : brought.all()) next = next.with(each);
        checkSize(next);
        for (FunctionLibrary each : brought.all())
            keyspace.keepLibrary(each.source().key(), each.source().whole());
        if (!brought.all().isEmpty()) remember(keyspace.libraryVersion(), next);
    }

    private void checkSize(FunctionLibraries next) {
        if (bytesMax < next.bytes())
            throw new RespError(
                    "OOM the libraries of functions would take too much memory. max="
                            + bytesMax
                            + " bytes of source");
    }

    // A number is given out once, so that what it stands for can be remembered, even of a run that
    // comes to nothing.
    private FunctionLibraries remember(long version, FunctionLibraries libraries) {
        latest = new Stand(version, libraries);
        return libraries;
    }

    // What was compiled before is used again.
    private FunctionLibraries compiled(SortedMap<Bytes, Bytes> sources, FunctionLibraries before) {
        FunctionLibraries made = FunctionLibraries.NONE;
        for (Bytes source : sources.values()) {
            try {
                LibrarySource read = LibrarySource.of(source);
                FunctionLibrary known = before.library(read.name());
                boolean isSame = known != null && known.source().whole().equals(source);
                made = made.with(isSame ? known : loader.load(read, LibraryLoader.KEPT));
            } catch (RespError broken) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "library of functions left out: it does not load. error=`"
                                + broken.text()
                                + "`");
            }
        }
        return made;
    }
}
