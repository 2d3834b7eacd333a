package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.ProfileReport;
import dev.holdfast.engine.api.upkeep.UpgradeRules;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.manifest.StreamMark;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Profile.Feature;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// What is done with a database that shows signs of the newer profile, or is wanted to.
@Timeout(60)
class ProfileTest {
    private static final Settings QUIET = Settings.defaults().but().untended().build();
    private static final CollectionRules RULES =
            new CollectionRules(Duration.ZERO, CollectionRules.Sweep.REMOVE);

    private final MemoryStore store = new MemoryStore();

    private ManifestVersion newest() {
        ManifestVersion newest = new ManifestStore(store, "db", Env.system()).latest();
        assertNotNull(newest);
        return newest;
    }

    private void make() {
        try (HoldfastDb db = Engine.open(store, "db", QUIET)) {
            db.write(
                    new WriteBatch().put(Bytes.utf8("key"), Bytes.utf8("value")),
                    Durability.REMOTE);
        }
    }

    private void putManifestOfVersion2() {
        ManifestVersion newest = newest();
        Ulid putId = Ulid.next(Env.system());
        Bytes newer = ManifestCodec.encodeVersion2(newest.manifest(), 0, putId);
        String name = NumberedNames.manifests("db").name(newest.id() + 1);
        store.putIfAbsent(name, List.of(newer), putId);
    }

    private void putManifestWithSegments() {
        ManifestVersion newest = newest();
        Ulid putId = Ulid.next(Env.system());
        Manifest segmented = newest.manifest().but().segmentExtractorName("customers").build();
        String name = NumberedNames.manifests("db").name(newest.id() + 1);
        store.putIfAbsent(name, List.of(ManifestCodec.encode(segmented, 0, putId)), putId);
    }

    private void putFenceWithoutBytes() {
        long last = WalListing.read(store, "db", 0).last();
        String name = NumberedNames.wals("db").name(last + 1);
        store.putIfAbsent(name, List.of(), Ulid.next(Env.system()));
    }

    private int objects() {
        return store.list("", null, ObjectStore.LIST_LIMIT_MAX).size();
    }

    private void requireRefused(Executable... each) {
        int before = objects();
        for (Executable one : each) assertThrows(Invalid.class, one);
        assertEquals(before, objects(), "something was written");
    }

    @Test
    void shouldBeTheOlderOneUnlessSomethingNewerIsSeen() {
        make();
        assertEquals(
                new ProfileReport("slatedb-0.12", List.of(), true), Engine.profile(store, "db"));
        Engine.open(store, "db", QUIET).close();
        assertThrows(Invalid.class, () -> Engine.profile(store, "other"));
    }

    private EngineBuilder as(FormatProfile profile) {
        return Engine.builder(store, "db").settings(QUIET).profile(profile);
    }

    @Test
    void shouldGoOnBehindANewerManifestAsItIs() {
        make();
        putManifestOfVersion2();
        assertEquals(
                new ProfileReport("slatedb-0.15", List.of("manifest of version 2"), true),
                Engine.profile(store, "db"));
        requireRefused(() -> as(FormatProfile.SLATEDB_0_12).open());

        Engine.open(store, "db", QUIET).close();

        assertTrue(newest().features().contains(Feature.MANIFEST_V2));
        requireRead();
    }

    @Test
    void shouldReadButNeverWriteBehindSegments() {
        make();
        putManifestWithSegments();
        assertEquals(
                new ProfileReport("slatedb-0.15", List.of("manifest of version 2"), false),
                Engine.profile(store, "db"));
        requireRefused(
                () -> Engine.open(store, "db", QUIET),
                () -> Engine.upgradeProfile(store, "db", UpgradeRules.fencing()));
        requireRead();
        // What leaves the segments as they are.
        Engine.backup(store, "db", new MemoryStore(), "copy");
        Engine.collect(store, "db", RULES);
        Engine.changes(store, "db", ChangeStream.Settings.named("me")).close();
        Engine.openReader(store, "db", ReaderSettings.heldCheckpoint(Duration.ofMinutes(1)))
                .close();
        requireRead();
    }

    // It may be a fence of a newer engine, or an object that has lost its commits.
    @Test
    void shouldReadButNeverWriteBehindAnEmptyLogObjectWhereNothingElseIsNewer() {
        make();
        putFenceWithoutBytes();
        assertEquals(
                new ProfileReport("slatedb-0.15", List.of("fence without bytes"), false),
                Engine.profile(store, "db"));
        requireRefused(
                () -> Engine.open(store, "db", QUIET),
                () -> Engine.upgradeProfile(store, "db", UpgradeRules.fencing()));
        requireRead();
    }

    private void requireRead() {
        try (DbReader reader = Engine.openReader(store, "db", ReaderSettings.latest())) {
            assertEquals(Bytes.utf8("value"), reader.get(Bytes.utf8("key")));
        }
    }

    // What was kept somewhere yesterday is read today.
    @Test
    void shouldReadTheTextsThatWereKept() {
        assertEquals(new Position(17, 4711), Position.parse("c1-17-4711-65b79d3e"));
        var checkpoint = new Checkpoint(new UUID(4, 2), 9, 0, 0, "changes:search-index:17:4711:12");
        assertEquals(new StreamMark("search-index", 17, 4711, 12), StreamMark.of(checkpoint));
    }
}
