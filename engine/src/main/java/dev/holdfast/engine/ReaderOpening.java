package dev.holdfast.engine;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.ReaderSettings.Mode.AtCheckpoint;
import dev.holdfast.engine.api.ReaderSettings.Mode.HeldCheckpoint;
import dev.holdfast.engine.api.ReaderSettings.Mode.Latest;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.follow.Following;
import dev.holdfast.engine.follow.Pin;
import dev.holdfast.engine.follow.Pinned;
import dev.holdfast.engine.follow.Source;
import dev.holdfast.engine.read.StableView.Reading;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ScopeBuilder;
import dev.holdfast.lifecycle.StartException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One attempt to open a database beside its writer. What it cannot finish it takes back.
final class ReaderOpening {
    private final Place place;
    private final @Nullable MergeOperator operator;
    private final EngineMemory memory;
    private final Runnable release;
    private final Ending ending;

    /// Where the database lies, and what its reader runs on.
    record Place(
            ObjectStore store,
            String root,
            Settings settings,
            ReaderSettings reader,
            Env env,
            FilterChoice filters) {
        Place {
            if (!root.isEmpty()) ObjectNames.check(root);
        }

        String name() {
            return root.isEmpty() ? "reader" : "reader of " + root;
        }
    }

    /// @param release closes the store if the reader is to own it
    ReaderOpening(
            Place place, @Nullable MergeOperator operator, EngineMemory memory, Runnable release) {
        this.place = place;
        this.operator = operator;
        this.memory = memory;
        this.release = release;
        ending = new Ending(place.root());
    }

    HoldfastReader open() throws InterruptedException {
        ScopeBuilder scope = Scope.builder(place.name(), place.env());
        BlockCache cache = memory.cacheFor(place.settings(), place.env(), scope.token());
        Source source = null;
        OpenReader reader = null;
        try {
            source = source(cache, scope.token());
            if (source instanceof Following following) following.open();
            reader = started(scope, source, cache);
            return reader;
        } finally {
            if (reader == null) {
                if (source != null) source.release();
                cache.close();
                release.run();
            }
        }
    }

    private Source source(BlockCache cache, Token token) throws InterruptedException {
        var at =
                new dev.holdfast.engine.follow.Place(
                        place.store(),
                        place.root(),
                        place.reader(),
                        new Sealing(place.settings().keys(), place.env()),
                        place.env(),
                        cache,
                        place.settings().writeTimeout(),
                        place.filters());
        return switch (place.reader().mode()) {
            case Latest _ -> new Following(at, ending, token);
            case HeldCheckpoint held ->
                    new Pinned(at, ending, Pin.make(held.lifetime(), at, token));
            case AtCheckpoint there -> new Pinned(at, ending, Pin.at(there.id(), at, token));
        };
    }

    private OpenReader started(ScopeBuilder builder, Source source, BlockCache cache)
            throws InterruptedException {
        var calls = new Calls(builder.gate("calls"), ending, Set.of(source.name()));
        Runnable releaseAll =
                () -> {
                    source.release();
                    cache.close();
                    release.run();
                };
        builder.add(new StoreHold(releaseAll)).add(calls).add(source);
        builder.corruption(CorruptData.class::isInstance);
        builder.onFailure((_, failure) -> ending.fail(failure));
        Scope scope = builder.build();
        start(scope);
        var parts =
                new OpenReader.Parts(
                        source, new Reading(place.env(), operator), calls, ending, scope);
        return new OpenReader(parts, place.settings().closeTimeout());
    }

    private static void start(Scope scope) throws InterruptedException {
        try {
            scope.start();
        } catch (StartException failed) {
            if (failed.getCause() instanceof StorageException cause) throw cause;
            throw new Unavailable("the reader did not start", failed);
        }
    }
}
