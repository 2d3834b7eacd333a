package dev.holdfast.engine.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.ForwardingStore;
import dev.holdfast.engine.SpoiledOnce;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ManifestStoreTest {
    private static final Env ENV = Env.system();

    private final MemoryStore store = new MemoryStore();
    private final ManifestStore manifests = new ManifestStore(store, "db", ENV);
    private final Patience patience =
            new Patience(Deadline.after(ENV, Duration.ofSeconds(10)), Token.standalone(ENV));

    private static String name(long id) {
        return "db/manifest/%020d.manifest".formatted(id);
    }

    private static ManifestEdit covered(long id) {
        return new ManifestEdit.LogCovered(Durable.confirmed(new WalPosition(id, id)));
    }

    @Test
    void shouldFindNothingWhereThereIsNoDatabase() {
        assertNull(manifests.latest());
    }

    @Test
    void shouldReturnTheFirstManifestWhenAnotherCreatorWasFaster() throws InterruptedException {
        ManifestVersion first = manifests.create(patience);
        ManifestVersion second = new ManifestStore(store, "db", ENV).create(patience);

        assertEquals(first, second);
        assertEquals(first, manifests.latest());
    }

    @Test
    void shouldNotTakeAnOlderManifestsBytesForTheLatest() throws InterruptedException {
        ManifestVersion first = manifests.create(patience);
        ManifestVersion second = manifests.takeOver(first, patience);
        Bytes older = Objects.requireNonNull(store.get(name(1)));

        var network = SpoiledOnce.around(store, name(2), older);
        assertEquals(second, new ManifestStore(network, "db", ENV).latest());
    }

    @Test
    @Tag("MAN-01")
    void shouldGiveEachOpenerAnEpochOfItsOwn() throws InterruptedException {
        ManifestVersion seenByBoth = manifests.create(patience);

        assertEquals(1, manifests.takeOver(seenByBoth, patience).manifest().writerEpoch());
        assertEquals(2, manifests.takeOver(seenByBoth, patience).manifest().writerEpoch());
    }

    @Test
    void shouldKeepWhatTheCompactorChangedMeanwhile() throws InterruptedException {
        ManifestVersion mine = manifests.takeOver(manifests.create(patience), patience);
        Manifest compacted = mine.manifest().but().compactorEpoch(9).build();
        Ulid putId = Ulid.next(ENV);
        Bytes theirs = ManifestCodec.encode(compacted, 0, putId);
        store.putIfAbsent(name(3), List.of(theirs), putId);

        ManifestVersion published = manifests.publish(mine, covered(5), 1, patience);

        assertEquals(4, published.id());
        assertEquals(9, published.manifest().compactorEpoch());
        assertEquals(5, published.manifest().replayAfterWalId());
        assertEquals(published, manifests.latest());
    }

    @Test
    @Tag("planted")
    void shouldBeFencedWhenANewerWriterHasCome() throws InterruptedException {
        ManifestVersion mine = manifests.takeOver(manifests.create(patience), patience);
        manifests.takeOver(mine, patience);

        var thrown =
                assertThrows(Closed.class, () -> manifests.publish(mine, covered(5), 1, patience));

        assertEquals(Closed.Reason.FENCED, thrown.reason());
    }

    @Test
    void shouldPublishNothingWhenTheEditIsThereAlready() throws InterruptedException {
        ManifestVersion mine = manifests.takeOver(manifests.create(patience), patience);
        ManifestVersion once = manifests.publish(mine, covered(5), 1, patience);

        assertEquals(once, manifests.publish(mine, covered(5), 1, patience));
    }

    @Test
    @Tag("MAN-05")
    void shouldNotPassOverADamagedLatestManifest() throws InterruptedException {
        manifests.takeOver(manifests.create(patience), patience);
        byte[] bytes = store.get(name(2)).toArray();
        bytes[bytes.length / 2] ^= 4;
        store.put(name(2), List.of(Bytes.wrap(bytes)));

        var thrown = assertThrows(CorruptData.class, manifests::latest);

        assertTrue(thrown.getMessage().contains(name(2)), thrown.getMessage());
    }

    @Test
    void shouldGoOnInTheNewerVersionOnceItIsThere() throws InterruptedException {
        ManifestVersion mine = manifests.takeOver(manifests.create(patience), patience);
        Ulid putId = Ulid.next(ENV);
        Bytes newer = ManifestCodec.encodeVersion2(mine.manifest(), 0, putId);
        store.putIfAbsent(name(3), List.of(newer), putId);

        ManifestVersion next = manifests.publish(mine, covered(5), 1, patience);

        assertEquals(4, next.id());
        assertEquals(2, ManifestCodec.decode(store.get(name(4))).version());
    }

    @Test
    void shouldRefuseToWriteBehindSegments() throws InterruptedException {
        ManifestVersion mine = manifests.takeOver(manifests.create(patience), patience);
        Ulid putId = Ulid.next(ENV);
        var segmented = mine.manifest().but().segmentExtractorName("fixed-4").build();
        store.putIfAbsent(name(3), List.of(ManifestCodec.encode(segmented, 0, putId)), putId);

        assertThrows(Invalid.class, () -> manifests.publish(mine, covered(5), 1, patience));
    }

    @Test
    void shouldNotTakeAnotherManifestsBytesForThoseAskedFor() throws InterruptedException {
        manifests.takeOver(manifests.create(patience), patience);
        Bytes first = store.get(name(1));
        store.putIfAbsent(name(3), List.of(first), Ulid.next(ENV));

        var thrown = assertThrows(CorruptData.class, manifests::latest);

        assertTrue(thrown.getMessage().contains(name(3)), thrown.getMessage());
    }

    @Test
    @Tag("planted")
    void shouldTellAnotherManifestsBytesWhereTheStoreShowsNoPutId() throws InterruptedException {
        manifests.takeOver(manifests.create(patience), patience);
        store.put(name(3), List.of(store.get(name(2))));

        var thrown = assertThrows(CorruptData.class, manifests::latest);

        assertTrue(thrown.getMessage().contains(name(3)), thrown.getMessage());
    }

    @Test
    void shouldReadAManifestThatDoesNotTellItsNumber() throws InterruptedException {
        ManifestVersion mine = manifests.takeOver(manifests.create(patience), patience);
        Ulid putId = Ulid.next(ENV);
        Bytes untold = ManifestCodec.encode(mine.manifest(), 0, putId);
        store.putIfAbsent(name(3), List.of(untold), putId);

        assertEquals(3, manifests.latest().id());
    }

    /// While `slow` is about to put a manifest, three others come and two of them go, with or
    /// without a mark.
    private ManifestVersion publishedLate(@Nullable String mark) throws InterruptedException {
        ManifestVersion mine = manifests.takeOver(manifests.create(patience), patience);
        var slow =
                new ForwardingStore(store) {
                    private boolean isOver;

                    @Override
                    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
                        if (!isOver && name.equals(name(3))) {
                            isOver = true;
                            for (long id = 3; id < 6; id++)
                                store.put(name(id), List.of(again(mine, id)));
                            if (mark != null)
                                store.put("db/gc/manifest.boundary", List.of(Bytes.utf8(mark)));
                            for (long id = 2; id < 5; id++) store.delete(name(id));
                        }
                        return super.putIfAbsent(name, parts, putId);
                    }
                };
        return new ManifestStore(slow, "db", ENV).publish(mine, covered(5), 1, patience);
    }

    private static Bytes again(ManifestVersion version, long id) {
        return ManifestCodec.encode(version.manifest(), id, Ulid.next(ENV));
    }

    @Test
    @Tag("MAN-03")
    void shouldNotBelieveACreateAtAMarkOrBelow() throws InterruptedException {
        ManifestVersion published = publishedLate("4");

        assertEquals(6, published.id());
        assertEquals(5, published.manifest().replayAfterWalId());
        assertEquals(published, manifests.latest());
    }

    @Test
    void shouldBelieveACreateAboveTheMark() throws InterruptedException {
        assertEquals(3, publishedLate("2").id());
    }

    @Test
    void shouldNameAMarkThatIsNoNumber() {
        var thrown = assertThrows(CorruptData.class, () -> publishedLate("four"));
        assertTrue(thrown.getMessage().contains("gc/manifest.boundary"), thrown.getMessage());
    }
}
