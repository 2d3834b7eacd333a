package dev.holdfast.system.guide;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.WriteBatch;
import java.time.Duration;

/// Writes into a bucket, follows it from a reader, and is taken over by a second writer.
public final class Bucket {
    private static final Bytes APPLE = Bytes.utf8("fruit/apple");

    private Bucket() {}

    public static void main(String[] arguments) throws InterruptedException {
        String url = arguments[0];
        Db db = Engine.open(url, Settings.defaults());
        try (DbReader reader = Engine.openReader(url, ReaderSettings.latest())) {
            long seq = db.write(new WriteBatch().put(APPLE, Bytes.utf8("red")), Durability.REMOTE);
            reader.awaitSeq(seq, Duration.ofSeconds(30));
            System.out.println("the reader sees it: " + (reader.get(APPLE) != null));
        }

        try (Db successor = Engine.open(url, Settings.defaults())) {
            successor.put(APPLE, Bytes.utf8("green"));
            db.put(APPLE, Bytes.utf8("brown"));
        } catch (Closed ended) {
            System.out.println("the first writer is " + ended.reason());
        }
        db.close();

        try (DbReader reader = Engine.openReader(url, ReaderSettings.latest())) {
            System.out.println("the apple is " + reader.get(APPLE));
        }
    }
}
