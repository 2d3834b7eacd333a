package dev.holdfast.simulation.crash;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Settings;
import java.time.Duration;

/// What the first machine does with a database until it dies or is through.
///
/// Each letter of `steps` is one deed: `m`, `r` commit a pair at durability memory, remote; `b`,
/// `B` a batch at memory, remote; `f` makes the log durable, `F` flushes memtables into tables; `c`
/// closes and opens again; `t` lets the next machine begin to take over; `w` waits a moment; `k`
/// merges all tables into one run; `g` collects when what was replaced may go.
///
/// @param writers how many threads do it at once, each with keys of its own
/// @param first the settings of the first machine
/// @param later the settings of those that open after it
record Script(String name, String steps, int writers, Settings first, Settings later) {
    private static final Settings SMALL =
            Settings.defaults()
                    .but()
                    .untended()
                    .flushInterval(Duration.ofMillis(20))
                    .l0SstSize(ByteSize.kibibytes(4))
                    .unflushedMax(ByteSize.kibibytes(16))
                    .blockCacheSize(ByteSize.kibibytes(64))
                    .build();
    private static final Settings TINY =
            SMALL.but()
                    .walSizeMax(ByteSize.bytes(1))
                    .l0SstSize(ByteSize.bytes(512))
                    .unflushedMax(ByteSize.kibibytes(2))
                    .blockSize(ByteSize.bytes(64))
                    .filterKeysMin(1)
                    .build();
    private static final Settings PACED =
            SMALL.but()
                    .walPutIntervalMin(Duration.ofMillis(5))
                    .l0SstSize(ByteSize.kibibytes(1))
                    .compression(Compression.ZSTD)
                    .manifestPollInterval(Duration.ofMillis(15))
                    .build();
    private static final Settings LARGE =
            SMALL.but()
                    .flushInterval(Duration.ofHours(1))
                    .manifestPollInterval(Duration.ofHours(1))
                    .l0SstSize(ByteSize.kibibytes(64))
                    .unflushedMax(ByteSize.kibibytes(128))
                    .build();

    private static final Settings TIERED = upkept(CompactionSettings.Style.TIERED);
    private static final Settings LEVELED = upkept(CompactionSettings.Style.LEVELED);

    private static Settings upkept(CompactionSettings.Style style) {
        var compaction =
                new CompactionSettings(
                        style,
                        2,
                        4,
                        2,
                        ByteSize.bytes(400),
                        2,
                        2,
                        Duration.ofMinutes(1),
                        CompactionSettings.Workers.defaults(),
                        Duration.ofMinutes(15));
        return LARGE.but()
                .l0SstSize(ByteSize.kibibytes(4))
                .unflushedMax(ByteSize.kibibytes(16))
                .blockSize(ByteSize.bytes(128))
                .compaction(compaction)
                .build();
    }

    /// What a machine after the first one does.
    String afterwards() {
        boolean isUpkept = steps.indexOf('k') >= 0 || steps.indexOf('g') >= 0;
        return isUpkept ? "bFkgr" : "bBmrFb";
    }

    /// True if the next machine opens while the first still writes.
    boolean isTakenOver() {
        return steps.indexOf('t') >= 0;
    }

    static Script[] all() {
        return new Script[] {
            new Script("mixed", "mrbBmfbrFmrbB", 1, SMALL, SMALL),
            new Script("tiny", "bBmrbBbrFmbB", 1, TINY, TINY),
            new Script("paced", "bbrwbBmwrbbBwrF", 1, PACED, TINY),
            new Script("one large log object", "bbbbbbbbbbbbfbbbbbbbbr", 1, LARGE, TINY),
            new Script("reopened", "mrcbBcmrFcb", 1, SMALL, PACED),
            new Script("closed", "bBbmbmFmbc", 1, TINY, LARGE),
            new Script("taken over", "mrbBtbrmrwbrBFmr", 1, SMALL, SMALL),
            new Script("taken over while flushing", "bbBtFbBFbFwbBF", 1, TINY, TINY),
            new Script("three writers", "brmBbrb", 3, SMALL, PACED),
            new Script("three writers, tiny", "bBbrF", 3, TINY, SMALL),
            new Script("compacted, tiered", "bFbFbFwbFbFwbFr", 1, TIERED, TIERED),
            new Script("compacted, leveled", "bFbFbFwbFbFwcbFr", 1, LEVELED, TIERED),
            new Script("compacted from outside", "bFBFbFkBFkb", 1, LARGE, LARGE),
            new Script("collected", "bFBFkgr", 1, LARGE, LARGE)
        };
    }
}
