package dev.holdfast.simulation.mutant;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Mistakes that logs on a disk have made, planted into ours.
final class TierMutants {
    /// A machine with a local log lives and dies in ways that the seed draws.
    static final String LOCAL_LOG = "simulation.tier.TierHistory";

    private static final String WRITER = "engine.tier.LogWriter";
    private static final String READER = "engine.tier.SegmentReader";
    private static final String SHIPPER = "engine.write.TableShipper";
    private static final String HOME = "engine.tier.LocalHome";
    private static final String OWNERSHIP = "engine.owner.Ownership";
    private static final String OWNER_TEST = "engine.OwnerTest";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TierMutants() {}

    private static final String SCAN_TEST = "engine.tier.LogScanTest";

    private static Mutant of(String id, String mistake) {
        return Mutant.of("planted", id, mistake);
    }

    /// One that the tests tagged `tag` find.
    private static Mutant of(String tag, String id, String mistake) {
        return Mutant.of(tag, id, mistake);
    }

    /// One that tests about owners find.
    private static Mutant ofOwners(String id, String mistake) {
        return Mutant.of("owner", id, mistake);
    }

    /// All of them.
    static List<Mutant> all() {
        return Stream.of(
                        records(),
                        segments(),
                        uploads(),
                        tables(),
                        tablesThatAreLeft(),
                        owners(),
                        takeovers())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutant> records() {
        return List.of(
                of("local-ack-before-force", "A commit counts as local before it was forced.")
                        .replacing(
                                WRITER,
                                "open.force(Force.CONTENT); position += bytes;",
                                "position += bytes;")
                        .foundIn(LOCAL_LOG, 14),
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
                        .foundIn(LOCAL_LOG, 26),
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
                                        + " files.removeBefore(first);")
                        .foundIn(LOCAL_LOG, 99));
    }

    private static List<Mutant> owners() {
        return List.of(
                ofOwners("owner-not-asked", "An opener does not look whose disk may have more.")
                        .replacing(OWNERSHIP, "requireFree(); next.about", "next.about")
                        .foundBy(OWNER_TEST)
                        .within(PATIENCE),
                ofOwners("owner-says-nothing", "Who rests on a local disk tells nobody so.")
                        .replacing(
                                OWNERSHIP,
                                "if (home != null) tell(epoch, Mode.LOCAL_FIRST, log, patience);",
                                "if (home != null) return;")
                        .foundBy(OWNER_TEST)
                        .within(PATIENCE),
                ofOwners(
                                "any-disk-taken-for-ones-own",
                                "Who has a local directory counts as the owner, whichever it is.")
                        .replacing(
                                OWNERSHIP,
                                "return home != null && home.node.equals(owner.node());",
                                "return home != null;")
                        .foundBy(OWNER_TEST)
                        .within(PATIENCE),
                ofOwners(
                                "drained-whatever-is-left",
                                "A stop says that the database is drained though it is not.")
                        .replacing(
                                "engine.owner.OwnershipKeeper",
                                "isAsked() && unshipped.get().commits() == 0)",
                                "isAsked())")
                        .foundBy("simulation.tier.LocalStopTest")
                        .within(PATIENCE));
    }

    private static List<Mutant> takeovers() {
        return List.of(
                ofOwners(
                                "manifest-not-put-once-more",
                                "Who went on from an older look at the owners meets nothing new.")
                        .replacing(
                                "engine.write.Takeover",
                                "if (ownership.restsOnADisk())",
                                "if (epoch < 0)")
                        .foundBy(OWNER_TEST)
                        .within(PATIENCE));
    }

    private static List<Mutant> tables() {
        return List.of(
                of(
                                "newer-manifest-hides-local-tables",
                                "A manifest that is learnt is shown without the tables that wait.")
                        .replacing(
                                "engine.write.LiveManifest",
                                "views.update(view -> over(view, version, left, ready));",
                                "views.update(view -> over(view, version, List.of(), ready));")
                        .foundIn(LOCAL_LOG, 1),
                of("newest-table-published-first", "Tables are published newest first.")
                        .replacing(
                                SHIPPER,
                                "return waiting.subList(0, count);",
                                "return waiting.subList(waiting.size() - 1, waiting.size());")
                        .foundIn(LOCAL_LOG, 1),
                of("file-gone-before-it-is-sent", "A table's file goes before its object is there.")
                        .replacing(
                                SHIPPER,
                                "Durable<SstHandle> sent = writer.send(",
                                "local.release(List.of(table)); Durable<SstHandle> sent ="
                                        + " writer.send(")
                        .foundIn(LOCAL_LOG, 0),
                of("table-kept-before-the-log", "A table counts before the log has its commits.")
                        .replacing(
                                "engine.write.Flush",
                                "parts.log().awaitFlushable(memtable.lastSeq(), deadline);",
                                "")
                        .foundIn(LOCAL_LOG, 1));
    }

    private static List<Mutant> tablesThatAreLeft() {
        return List.of(
                of(
                                "gap-between-tables-passed-over",
                                "What a damaged table had is missing, and what is behind it"
                                        + " counts.")
                        .replacing(
                                "engine.tier.LocalTables",
                                "record.seqBefore() == end ? soundFrom(records, at) : List.of();"
                                        + " if (all.isEmpty()) break;",
                                "soundFrom(records, at); if (all.isEmpty()) continue;")
                        .foundIn(LOCAL_LOG, 58),
                of(
                                "tables-of-a-memtable-taken-in-part",
                                "Of a memtable in several tables those count that are whole.")
                        .replacing(
                                "engine.tier.LocalTables",
                                "if (table == null) return List.of();",
                                "if (table == null) break;")
                        .foundBy("engine.LocalTablesTest"),
                of("table-taken-unchecked", "The checksum of a table's file is not looked at.")
                        .replacing(
                                "engine.tier.TableFiles",
                                "(int) sum.getValue() == record.checksum()",
                                "record.size() != 0")
                        .foundIn(LOCAL_LOG, 9),
                of(
                                "LOC-10",
                                "tables-left-where-another-epoch-was",
                                "The log of a lost epoch is kept aside, its tables are not.")
                        .replacing(
                                HOME,
                                "for (String table : tables) move(names.at(table),"
                                        + " aside.path().resolve(table));",
                                "")
                        .foundBy("engine.LocalTablesTest"));
    }
}
