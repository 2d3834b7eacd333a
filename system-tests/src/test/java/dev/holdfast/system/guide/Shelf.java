package dev.holdfast.system.guide;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import java.nio.file.Path;
import java.time.Duration;

/// Writes several rows as one, and walks over keys in order.
public final class Shelf {
    private Shelf() {}

    public static void main(String[] arguments) {
        try (Db db = Engine.open(Path.of("shop").toUri().toString(), Settings.defaults())) {
            var batch = new WriteBatch();
            batch.put(Bytes.utf8("fruit/pear"), Bytes.utf8("green"));
            batch.put(Bytes.utf8("fruit/lemon"), Bytes.utf8("yellow"));
            batch.put(Bytes.utf8("offer/1"), Bytes.utf8("-10%"), Expiry.after(Duration.ofDays(1)));
            batch.delete(Bytes.utf8("fruit/fig"));
            long seq = db.write(batch, Durability.MEMORY);
            db.flush();
            System.out.println("durable: " + (seq <= db.watermarks().remote()));

            KeyRange fruits = KeyRange.prefix(Bytes.utf8("fruit/"));
            try (Scan scan = db.scan(fruits)) {
                while (scan.next()) System.out.println(scan.key() + " is " + scan.value());
            }
            var last = Scan.Options.defaults().withOrder(Order.DESCENDING).withRowsMax(1);
            try (Scan scan = db.scan(fruits, last)) {
                if (scan.next()) System.out.println("the last is " + scan.key());
            }
        }
    }
}
