package dev.holdfast.simulation.mutant;

import java.util.List;
import java.util.stream.Stream;

/// Mistakes that logs on a disk have made, planted into ours.
final class TierMutants {
    /// A machine with a local log lives and dies in ways that the seed draws.
    static final String LOCAL_LOG = "simulation.tier.TierHistory";

    private static final String WRITER = "engine.tier.LogWriter";
    private static final String READER = "engine.tier.SegmentReader";
    private static final String HOME = "engine.tier.LocalHome";

    private TierMutants() {}

    private static final String SCAN_TEST = "engine.tier.LogScanTest";

    private static Mutant of(String id, String mistake) {
        return Mutant.of("planted", id, mistake);
    }

    /// One that the tests tagged `tag` find.
    private static Mutant of(String tag, String id, String mistake) {
        return Mutant.of(tag, id, mistake);
    }

    /// All of them.
    static List<Mutant> all() {
        return Stream.of(records(), segments(), uploads()).flatMap(List::stream).toList();
    }

    private static List<Mutant> records() {
        return List.of(
                of("local-ack-before-force", "A commit counts as local before it was forced.")
                        .replacing(
                                WRITER,
                                "open.force(Force.CONTENT); position += bytes;",
                                "position += bytes;")
                        .foundIn(LOCAL_LOG, 9),
                of(
                                "LOC-01",
                                "force-repeated-and-believed",
                                "A force that failed is repeated, and its success believed (the"
                                        + " fsyncgate of PostgreSQL).")
                        .replacing(
                                WRITER,
                                "open.force(Force.CONTENT); position += bytes;",
                                "try { open.force(Force.CONTENT); } catch (DiskException again) {"
                                        + " open.force(Force.CONTENT); } position += bytes;")
                        .foundBy(SCAN_TEST),
                of(
                                "WAL-04",
                                "torn-record-replayed",
                                "The checksum of a record's rows is not looked at.")
                        .replacing(READER, "head.requireRows(rows);", "")
                        .foundBy(SCAN_TEST),
                of(
                                "LOC-05",
                                "stale-record-taken",
                                "A record counts whatever segment, place and chain it is of.")
                        .replacing(
                                READER,
                                "head.segment() == number && head.epoch() == expected.epoch() &&"
                                        + " head.chainBefore() == expected.chainBefore() &&"
                                        + " head.seq() == seq;",
                                "head.epoch() == expected.epoch();")
                        .foundBy(SCAN_TEST));
    }

    private static List<Mutant> uploads() {
        return List.of(
                of(
                                "upload-graph",
                                "manifest-before-its-tables",
                                "A manifest does not wait for the tables that it names.")
                        .replacing(
                                "engine.ship.UploadQueue",
                                "for (Upload before : shipment.after()) awaitDone(upload, before);",
                                "")
                        .foundBy("engine.ship.UploadQueueTest"),
                of(
                                "upload-log",
                                "log-dropped-before-the-manifest",
                                "Commits leave the log once they are in tables that no manifest"
                                        + " names yet.")
                        .replacing(
                                "engine.wal.RemoteWal",
                                "public void cut() { if (shipping == null) return;",
                                "public void cut() { if (0 < appendedSeq) published(appendedSeq);"
                                        + " if (shipping == null) return;")
                        .foundBy("engine.ShippingTest"));
    }

    private static List<Mutant> segments() {
        return List.of(
                of("trimmed-too-early", "A segment goes as soon as it is full and forced.")
                        .replacing(
                                "engine.tier.SegmentKeeper",
                                "segments.trim(publishedSeq.getAsLong()); segments.prepare();",
                                "segments.trim(log.localSeq()); segments.prepare();")
                        .foundIn(LOCAL_LOG, 3),
                of(
                                "LOC-10",
                                "tail-replayed-over-a-newer-epoch",
                                "A tail is replayed though another writer was there in between.")
                        .replacing(
                                HOME,
                                "if (identity.heldEpoch() == epoch || identity.heldEpoch() + 1 =="
                                        + " epoch) {",
                                "if (0 < epoch) {")
                        .foundBy("engine.LocalFirstTest"),
                of("takeover-not-noted", "A takeover that was cut off looks like another writer's.")
                        .replacing(
                                HOME,
                                "attempts.add(new Attempt(manifestId, putId)); replace(",
                                "attempts.clear(); replace(")
                        .foundIn(LOCAL_LOG, 224),
                of(
                                "tail-given-up-before-it-is-copied",
                                "The new segments count before they hold the tail.")
                        .replacing(
                                "engine.tier.LocalTier",
                                "LogScan.End end = tail.replay(after, sink::commit);",
                                "LogScan.End end = tail.replay(after, sink::commit);"
                                        + " home.begin(epoch, first);"
                                        + " files.giveBackBefore(first);")
                        .foundIn(LOCAL_LOG, 67));
    }
}
