package dev.holdfast.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Figures of what a Redis server has no part in: they move as a program works with the engine.
@Timeout(60)
class EngineMetricsTest {
    private static final Settings SETTINGS =
            Settings.defaults()
                    .but()
                    .untended()
                    .filterKeysMin(1)
                    .blockSize(ByteSize.bytes(256))
                    .build();

    private final MemoryStore store = new MemoryStore();

    private HoldfastDb open() {
        return Engine.builder(store, "db")
                .settings(SETTINGS)
                .filterPolicies(
                        List.of(FilterPolicy.bloom(10).with(PrefixExtractor.until((byte) '/'))))
                .open();
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    private static Map<String, Double> figures(Db db) {
        var text = new MetricsText();
        text.add(db.stats());
        Map<String, Double> figures = new TreeMap<>();
        for (String line : text.toString().lines().toList()) {
            int blank = line.lastIndexOf(' ');
            if (!line.startsWith("#"))
                figures.put(line.substring(0, blank), Double.valueOf(line.substring(blank)));
        }
        return figures;
    }

    @Test
    void shouldTellOfTransactions() {
        try (HoldfastDb db = open()) {
            Transaction won = db.begin(IsolationLevel.SNAPSHOT);
            Transaction lost = db.begin(IsolationLevel.SNAPSHOT);
            won.put(bytes("a"), bytes("1"));
            lost.put(bytes("a"), bytes("2"));
            assertEquals(2, figures(db).get("holdfast_transactions_open"));
            won.commit(Durability.MEMORY);
            assertThrows(Conflict.class, () -> lost.commit(Durability.MEMORY));

            Map<String, Double> figures = figures(db);
            assertEquals(0, figures.get("holdfast_transactions_open"));
            assertEquals(2, figures.get("holdfast_transactions_begun_total"));
            assertEquals(1, figures.get("holdfast_transactions_committed_total"));
            assertEquals(1, figures.get("holdfast_transaction_conflicts_total"));
            assertTrue(figures.containsKey("holdfast_transactions_expired_total"));
            assertTrue(figures.containsKey("holdfast_transaction_oldest_seconds"));
            assertTrue(figures.containsKey("holdfast_transaction_recent_bytes"));
        }
    }

    @Test
    void shouldTellWhatKeepsOldVersionsAndTheLog() {
        try (HoldfastDb db = open()) {
            db.write(new WriteBatch().put(bytes("a"), bytes("1")), Durability.REMOTE);
            try (Db.Snapshot snapshot = db.snapshot("report", Duration.ofMinutes(1))) {
                Map<String, Double> figures = figures(db);
                assertEquals(1, figures.get("holdfast_snapshots_open"));
                assertEquals(snapshot.seq(), figures.get("holdfast_snapshot_oldest_seq"));
                assertTrue(0 < figures.get("holdfast_snapshot_oldest_seconds"));
            }
            assertEquals(0, figures(db).get("holdfast_change_consumers"));
            try (ChangeStream _ =
                    Engine.changes(store, "db", ChangeStream.Settings.named("audit"))) {
                db.write(new WriteBatch().put(bytes("a"), bytes("2")), Durability.REMOTE);
                db.flushMemtables();
                Map<String, Double> figures = figures(db);
                assertEquals(0, figures.get("holdfast_snapshots_open"));
                assertEquals(1, figures.get("holdfast_change_consumers"));
                assertTrue(figures.get("holdfast_change_consumer_oldest_seq") <= 1);
            }
        }
    }

    @Test
    void shouldCountWhatTheMergeOperatorIsGiven() {
        MergeOperator join = (_, existing, operands) -> joined(existing, operands);
        try (HoldfastDb db =
                Engine.builder(store, "merged").settings(SETTINGS).mergeOperator(join).open()) {
            assertEquals(0, figures(db).get("holdfast_merge_operands_total"));
            for (String operand : List.of("1", "2", "3"))
                db.write(new WriteBatch().merge(bytes("a"), bytes(operand)), Durability.MEMORY);
            assertEquals(bytes("123"), db.get(bytes("a")));
            assertEquals(1, figures(db).get("holdfast_merges_total"));
            assertEquals(3, figures(db).get("holdfast_merge_operands_total"));
            assertEquals(bytes("123"), db.get(bytes("a")));
            assertEquals(6, figures(db).get("holdfast_merge_operands_total"));
        }
    }

    private static Bytes joined(@Nullable Bytes existing, List<Bytes> operands) {
        var text = new StringBuilder(existing == null ? "" : existing.toUtf8());
        operands.forEach(operand -> text.append(operand.toUtf8()));
        return bytes(text.toString());
    }

    @Test
    void shouldTellOfIngests() {
        try (HoldfastDb db = open()) {
            try (Db.Ingest _ = db.ingest(Db.Ingest.Options.defaults())) {
                assertEquals(0, figures(db).get("holdfast_ingests_total"));
            }
            try (Db.Ingest ingest = db.ingest(Db.Ingest.Options.defaults())) {
                ingest.put(bytes("a"), bytes("1"));
                ingest.put(bytes("b"), bytes("2"));
                ingest.commit();
            }
            Map<String, Double> figures = figures(db);
            assertEquals(1, figures.get("holdfast_ingests_total"));
            assertEquals(2, figures.get("holdfast_ingested_rows_total"));
            assertTrue(0 < figures.get("holdfast_ingested_bytes_total"));
        }
    }

    @Test
    void shouldTellOfFilters() {
        try (HoldfastDb db = open()) {
            var batch = new WriteBatch();
            for (int i = 0; i < 50; i++) batch.put(bytes("a/" + i), bytes("1"));
            db.write(batch.put(bytes("z/"), bytes("1")), Durability.MEMORY);
            db.flushMemtables();
            for (int i = 0; i < 200; i++) {
                db.get(bytes("k/" + i));
                try (Scan scan = db.scan(KeyRange.prefix(bytes("k" + i + "/")))) {
                    scan.next();
                }
            }
            db.get(bytes("a/1"));
            Map<String, Double> figures = figures(db);
            for (String of : List.of("key", "prefix")) {
                String label = "{of=\"" + of + "\"}";
                double asked = of.equals("key") ? 201 : 200;
                double denied = figures.get("holdfast_filter_negatives_total" + label);
                double admitted = figures.get("holdfast_filter_positives_total" + label);
                double inVain = figures.get("holdfast_filter_false_positives_total" + label);
                assertEquals(asked, denied + admitted);
                assertTrue(180 < denied, figures::toString);
                assertEquals(of.equals("key") ? admitted - 1 : admitted, inVain);
            }
        }
    }
}
