package dev.holdfast.simulation.mutant;

import java.util.List;
import java.util.stream.Stream;

/// Mistakes that engines of this kind have made, planted into ours, and the history that tells
/// them; docs/operating/testing.md lists them.
final class EngineMutants {
    /// The whole engine in a hostile world.
    static final String SWARM = "simulation.swarm.Swarm";

    /// One machine after another dies at a chosen call to the store.
    static final String CRASH_POINTS = "simulation.crash.CrashPointHistory";

    /// A machine that flushes all the time dies, and its manifests are looked at.
    static final String NAMED_OBJECTS = "simulation.NamedObjectsHistory";

    /// A collector removes tables while a writer flushes.
    static final String COLLECTOR = "simulation.CollectorHistory";

    /// A task looks at its scope's state and at its token while the scope stops.
    static final String STOP = "simulation.StopHistory";

    /// Machines open one database at the same time.
    static final String OPENERS = "simulation.OpenersHistory";

    /// A database is taken over in a store that shows late what it has stored.
    static final String LAGGING = "simulation.LaggingStoreHistory";

    private static final String WAL = "engine.wal.RemoteWal";
    private static final String BACKLOG = "engine.wal.WalBacklog";
    private static final String PUTTER = "engine.wal.WalPutter";
    private static final String REPLAYER = "engine.wal.WalReplayer";
    private static final String FLUSHER = "engine.write.MemtableFlusher";
    private static final String RETRYING = "objectstore.retry.RetryingStore";

    private EngineMutants() {}

    /// All of them.
    static List<Mutant> all() {
        return Stream.of(
                        acknowledgements(),
                        outcomes(),
                        logs(),
                        replays(),
                        tables(),
                        takeovers(),
                        others())
                .flatMap(List::stream)
                .toList();
    }

    private static Mutant of(String id, String mistake) {
        return Mutant.of("planted", id, mistake);
    }

    private static List<Mutant> acknowledgements() {
        return List.of(
                of("ack-before-put", "A commit is acknowledged before its log object is put.")
                        .replacing(
                                WAL,
                                "if (seq <= durableSeq) return; guard.lock();",
                                "if (seq <= appendedSeq) return; guard.lock();")
                        .foundIn(CRASH_POINTS, 0),
                of(
                                "ack-of-the-group-behind",
                                "A confirmed object acknowledges all that was appended, not what"
                                        + " it holds.")
                        .replacing(
                                WAL,
                                "rise(segment.lastSeq()); puts++;",
                                "rise(appendedSeq); puts++;")
                        .foundIn(SWARM, 44),
                of("acks-out-of-order", "The newest sealed log object is put first.")
                        .replacing(
                                BACKLOG, "return sealed.remove();", "return sealed.removeLast();")
                        .foundIn(SWARM, 0),
                of("lost-wake-up", "A confirmed put wakes nobody who waits for durability.")
                        .replacing(
                                WAL,
                                "unshippedBytes = unshipped.bytes(); durability.signalAll();",
                                "unshippedBytes = unshipped.bytes();")
                        .foundIn(SWARM, 1));
    }

    private static List<Mutant> outcomes() {
        return List.of(
                of("timeout-taken-for-success", "A log put whose reply is lost counts as done.")
                        .replacing(
                                PUTTER,
                                "case PutResult.AlreadyExists _, PutResult.Unknown _ ->",
                                "case PutResult.Unknown _ -> Finding.OURS;"
                                        + " case PutResult.AlreadyExists _ ->")
                        .foundIn(SWARM, 3),
                of(
                                "412-after-a-timeout-taken-for-ours",
                                "A name that is taken after a lost reply counts as taken by us.")
                        .replacing(
                                RETRYING,
                                "return unknown == null ? taken : settle(name, unknown, putId);",
                                "return unknown == null ? taken"
                                        + " : new Stored(Durable.confirmed(name));")
                        .foundIn(SWARM, 137),
                of(
                                "412-after-a-timeout-taken-for-foreign",
                                "A name that is taken after a lost reply counts as a newer"
                                        + " writer's:"
                                        + " a healthy writer fences itself.")
                        .replacing(
                                RETRYING,
                                "return unknown == null ? taken : settle(name, unknown, putId);",
                                "return taken;")
                        .replacing(
                                PUTTER,
                                "return found.putId().equals(putId) ? Finding.OURS :"
                                        + " Finding.FOREIGN;",
                                "return Finding.FOREIGN;")
                        .foundIn(SWARM, 8),
                of(
                                "put-id-ignored",
                                "Equal bytes count as ours: two racing openers write the same.")
                        .replacing(
                                "engine.manifest.NumberedStore",
                                "putId.equals(there.putId()) &&",
                                "version.equals(there.version()) &&")
                        .foundIn(OPENERS, 2),
                of(
                                "table-put-taken-for-success",
                                "A table whose put is not answered counts as stored.")
                        .replacing(
                                "engine.table.SstWriter",
                                "case PutResult.Unknown unknown -> failure = unknown.cause();",
                                """
                                case PutResult.Unknown unknown -> {
                                    return Durable.confirmed(name);
                                }
                                """)
                        .foundIn(NAMED_OBJECTS, 37));
    }

    private static List<Mutant> logs() {
        return List.of(
                of("hole-skipped", "A log object that is not found at once is skipped as a hole.")
                        .replacing(
                                REPLAYER,
                                "if (object != null) return object; failure = null;",
                                "return object != null ? object"
                                        + " : dev.holdfast.format.wal.WalEncoder.fence();")
                        .foundIn(LAGGING, 10),
                of(
                                "replay-boundary-one-too-far",
                                "The manifest says that the log is in tables one object too far.")
                        .replacing(
                                "engine.wal.WalIndex",
                                "long covered = coveredId;",
                                "long covered = Math.min(coveredId + 1, lastId.position());")
                        .foundIn(CRASH_POINTS, 0),
                of(
                                "last-seen-at-the-freeze",
                                "wal_id_last_seen moves when a log object is sealed (SlateDB 433,"
                                        + " 1018).")
                        .replacing(
                                WAL,
                                "return index.cover(seq);",
                                """
                                long sealedToo = backlog.sealed()
                                        + (backlog.open() == null ? 0 : 1);
                                return index.cover(seq).map(there -> new WalPosition(
                                        there.replayAfter(), there.lastSeen() + sealedToo));
                                """)
                        .foundIn(NAMED_OBJECTS, 20),
                of("replay-ends-at-a-fence", "What lies behind the first fence is not replayed.")
                        .replacing(
                                REPLAYER,
                                "private long seqBefore;",
                                "private boolean isOver; private long seqBefore;")
                        .replacing(
                                REPLAYER,
                                "case WalDecoder.Fence fence -> sink.fence(name, fence.form());",
                                "case WalDecoder.Fence _ -> isOver = true;")
                        .replacing(
                                REPLAYER,
                                "seqBefore = handOut(object.rows(), sink);",
                                "if (!isOver) seqBefore = handOut(object.rows(), sink);")
                        .foundIn(CRASH_POINTS, 0));
    }

    private static List<Mutant> replays() {
        return List.of(
                of(
                                "object-counted-before-its-rows",
                                "A log object counts as read before its rows are in memory (SlateDB"
                                        + " 0.12.1).")
                        .replacing(
                                REPLAYER,
                                "String name = names.name(id); try {",
                                "String name = names.name(id);"
                                        + " sink.endOfObject(Durable.confirmed(id), lastSeq);"
                                        + " try {")
                        .replacing(
                                REPLAYER,
                                "throw corrupt(name, wrong); }"
                                        + " sink.endOfObject(Durable.confirmed(id), lastSeq);",
                                "throw corrupt(name, wrong); }")
                        .foundIn(CRASH_POINTS, 0),
                of("last-commit-forgotten", "Recovery leaves out the last commit of each object.")
                        .replacing(REPLAYER, "endCommit(seq, sink); return seq;", "return seq;")
                        .foundIn(CRASH_POINTS, 0),
                of("first-row-of-a-batch-only", "Recovery takes one row of each commit.")
                        .replacing(
                                REPLAYER,
                                "if (seq != rows.seq()) endCommit(seq, sink); seq = rows.seq(); if"
                                        + " (lastSeq < seq) sink.row(rows);",
                                "boolean isFirst = seq != rows.seq(); if (isFirst) endCommit(seq,"
                                        + " sink); seq = rows.seq(); if (lastSeq < seq && isFirst)"
                                        + " sink.row(rows);")
                        .foundIn(CRASH_POINTS, 0),
                of(
                                "memtable-ends-inside-a-batch",
                                "Recovery freezes a full memtable between two rows of a commit.")
                        .replacing(
                                "engine.write.Recovery",
                                "active.add(row); if",
                                "active.add(row);" + " freezer.freezeIfFull(lastTickMillis); if")
                        .foundIn(CRASH_POINTS, 3),
                of("numbers-used-again", "After a replay numbering goes on from the last table.")
                        .replacing(
                                "engine.write.Recovery",
                                "lastSeq = seq.position(); if (lastSeq <= adoptedSeq) return;",
                                "if (seq.position() <= adoptedSeq) return;")
                        .foundIn(CRASH_POINTS, 0));
    }

    private static List<Mutant> tables() {
        return List.of(
                LifeMutants.stopDropsMemtables(
                                of(
                                        "stop-drops-finished-work",
                                        "A stop ends the flusher where it is, and marks all of the"
                                                + " log as being in tables (SlateDB 121, 783)."))
                        .foundIn(SWARM, 0),
                of(
                                "compactor-drops-finished-work",
                                "A stop forgets the tables that a compaction has finished"
                                        + " (SlateDB 1080).")
                        .replacing("engine.compact.Compactor", "recordLast(); }", "}")
                        .foundIn(SWARM, 52),
                of("tables-forgotten", "A flush names its own table and forgets the others.")
                        .replacing(
                                "engine.manifest.ManifestEdit",
                                "l0.addAll(notCompacted(latest)); return new LogCovered(log)",
                                "return new LogCovered(log)")
                        .foundIn(CRASH_POINTS, 0),
                of("oldest-table-first", "A new table goes behind the older ones.")
                        .replacing(
                                "engine.manifest.ManifestEdit",
                                "for (Durable<SstHandle> table : tables)"
                                        + " l0.add(SstView.of(table.position()));"
                                        + " l0.addAll(notCompacted(latest));",
                                "l0.addAll(notCompacted(latest));"
                                        + " for (Durable<SstHandle> table : tables)"
                                        + " l0.add(SstView.of(table.position()));")
                        .foundIn(SWARM, 0),
                of("frozen-memtables-hidden", "A freeze hides the memtables frozen before it.")
                        .replacing("engine.view.LsmView", "more.addAll(frozen);", "")
                        .foundIn(SWARM, 7),
                of("neighbours-share-a-place", "The cache serves a block for its neighbour.")
                        .replacing(
                                "engine.cache.CacheShelf",
                                "V value = peek(place); return value",
                                "V value = peek(place & ~1); return value")
                        .foundIn(SWARM, 0),
                of(
                                "collection-of-an-unpublished-table",
                                "A collector removes tables that no manifest names yet, however"
                                        + " young they are.")
                        .replacing(
                                "engine.gc.Collector",
                                "if (!isOldEnough(object)) {",
                                "if (!isOldEnough(object) && object.size() < 0) {")
                        .replacing(
                                "engine.gc.References",
                                "return tables.contains(id) || tablesBeforeMillis <="
                                        + " id.timeMillis();",
                                "return tables.contains(id);")
                        .foundIn(COLLECTOR, 0));
    }

    private static List<Mutant> takeovers() {
        return List.of(
                of("no-fence", "A new writer raises its epoch and puts no fence into the log.")
                        .replacing(
                                "engine.write.Takeover",
                                "long fenceId = fence.raise( log.last() + 1,",
                                "long fenceId = log.last(); if (fenceId < 0) fence.raise("
                                        + " log.last() + 1,")
                        .foundIn(SWARM, 2),
                of("fence-on-a-taken-id", "A log id that is taken already serves as the fence.")
                        .replacing(
                                "engine.wal.Fence",
                                "case PutResult.AlreadyExists _ -> {"
                                        + " return isOurs(store.head(name), putId);",
                                "case PutResult.AlreadyExists _ -> { return true;")
                        .foundIn(SWARM, 17),
                of(
                                "climbs-over-the-fence",
                                "A writer whose log id is taken goes on with the next one.")
                        .replacing(
                                WAL,
                                "case FOREIGN -> ending.fence(\"log object \" + id + \" is another"
                                        + " writer's\");",
                                """
                                case FOREIGN -> {
                                    guard.lock();
                                    try {
                                        index.add(Durable.confirmed(id), durableSeq);
                                        backlog.back(next);
                                    } finally { guard.unlock(); }
                                }
                                """)
                        .replacing(
                                BACKLOG,
                                "return sealed.remove(); }",
                                "return sealed.remove(); }"
                                        + " void back(WalSegment next) { sealed.addFirst(next); }")
                        .replacing(
                                WAL,
                                "? putter.put(id, next.encode(), own, this::refused)",
                                "? putter.put(id, encodings.computeIfAbsent(next,"
                                        + " WalSegment::encode), own, this::refused)")
                        .replacing(
                                WAL,
                                "private final WalBacklog backlog = new WalBacklog();",
                                "private final WalBacklog backlog = new WalBacklog();"
                                        + " private final java.util.Map<WalSegment,"
                                        + " java.util.List<dev.holdfast.base.Bytes>> encodings ="
                                        + " new java.util.IdentityHashMap<>();")
                        .foundIn(SWARM, 19),
                of(
                                "manifest-without-an-epoch",
                                "A writer publishes without a look whether a newer one has come.")
                        .replacing(
                                "engine.manifest.ManifestStore",
                                "editor.requireNotFenced(latest); requireCutAs(known, latest);",
                                "requireCutAs(known, latest);")
                        .foundBy("engine.manifest.ManifestStoreTest"));
    }

    private static List<Mutant> others() {
        return List.of(
                LifeMutants.stateBeforeToken(
                                of(
                                        "state-before-token",
                                        "The state says stopping, the token is cancelled later"
                                                + " (Neon 11427)."),
                                20_000)
                        .foundIn(STOP, 0),
                of(
                                "read-of-nothing-forgotten",
                                "A read that found nothing is no part of what a transaction read.")
                        .replacing(
                                "engine.read.PointReader",
                                "if (reads != null) reads.addKey(key); FoundRow row",
                                "FoundRow row")
                        .replacing(
                                "engine.read.PointReader",
                                "if (!find(view, key, seqMax, row, reach)) return null;",
                                "if (!find(view, key, seqMax, row, reach)) return null;"
                                        + " if (reads != null) reads.addKey(key);")
                        .foundIn(SWARM, 29),
                of("conflicts-not-looked-for", "What others committed meanwhile is not looked at.")
                        .replacing(
                                "engine.write.BatchWriter",
                                "if (basis != null && stripes.hasChanged(basis))",
                                "if (basis != null && stripes.hasChanged(basis) && hook != null)")
                        .replacing(
                                "engine.write.BatchWriter",
                                "CommitHook hook = commit.hook(); if (hook == null) return;",
                                "if (hook == null) return;")
                        .replacing(
                                "engine.write.BatchWriter",
                                "ReadSet basis = commit.basis(); if",
                                "ReadSet basis = commit.basis(); CommitHook hook = commit.hook();"
                                        + " if")
                        .foundIn(SWARM, 0),
                of("room-never-given-back", "The room of a flushed memtable stays taken.")
                        .replacing(FLUSHER, "backlog.correct(-memtable.bytes());", "")
                        .foundIn(SWARM, 12));
    }
}
