package dev.holdfast.system.disk;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.system.interop.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// How a database of commits is opened, also in another process.
///
/// @param flushMillis how far the bucket may lag behind
/// @param unshippedMebibytes how much the bucket may lack before writers wait
record CommitSettings(
        int flushMillis,
        int segmentKibibytes,
        int tableKibibytes,
        int seconds,
        int unshippedMebibytes) {
    static final String PATH = "db";

    private static final int LAGGING_MILLIS = 1000;
    private static final int MUCH_MEBIBYTES = 4096;

    /// With as much as a disk holds.
    CommitSettings(int flushMillis, int segmentKibibytes, int tableKibibytes, int seconds) {
        this(flushMillis, segmentKibibytes, tableKibibytes, seconds, MUCH_MEBIBYTES);
    }

    static CommitSettings of(List<String> words) {
        return new CommitSettings(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                Integer.parseInt(words.get(2)),
                Integer.parseInt(words.get(3)),
                Integer.parseInt(words.get(4)));
    }

    List<String> words() {
        return List.of(
                "" + flushMillis,
                "" + segmentKibibytes,
                "" + tableKibibytes,
                "" + seconds,
                "" + unshippedMebibytes);
    }

    /// Those that are filled: nobody waits for a bucket that is to lag behind.
    List<Lane> lanes() {
        return Stream.of(Lane.values())
                .filter(lane -> flushMillis < LAGGING_MILLIS || lane != Lane.SHIPPED)
                .toList();
    }

    /// The bucket at a URL.
    static ObjectStore bucket(String url) {
        return ObjectStores.open(url, Env.system());
    }

    /// The bucket in a folder.
    static ObjectStore bucket(Path folder) {
        return bucket(Databases.url(folder));
    }

    HoldfastDb open(ObjectStore bucket, Path local) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .flushInterval(Duration.ofMillis(flushMillis))
                        .l0SstSize(ByteSize.kibibytes(tableKibibytes))
                        .unflushedMax(ByteSize.kibibytes(8L * tableKibibytes))
                        .writeTimeout(Duration.ofSeconds(seconds))
                        .build();
        var log =
                LocalSettings.in(local)
                        .withSegmentSize(ByteSize.kibibytes(segmentKibibytes))
                        .withUnshippedMax(ByteSize.mebibytes(unshippedMebibytes), Duration.ZERO);
        return Engine.builder(bucket, PATH).settings(settings).local(log).open();
    }
}
