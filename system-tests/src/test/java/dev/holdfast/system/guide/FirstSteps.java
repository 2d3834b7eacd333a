package dev.holdfast.system.guide;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Settings;
import java.nio.file.Path;

/// Puts a value into a database, and finds it again after that was closed and opened.
public final class FirstSteps {
    private FirstSteps() {}

    public static void main(String[] arguments) {
        String url = Path.of("shop").toUri().toString();
        try (Db db = Engine.open(url, Settings.defaults())) {
            db.put(Bytes.utf8("fruit/apple"), Bytes.utf8("red"));
            System.out.println("put");
        }
        try (Db db = Engine.open(url, Settings.defaults())) {
            System.out.println("apple: " + db.get(Bytes.utf8("fruit/apple")));
            System.out.println("plum: " + db.get(Bytes.utf8("fruit/plum")));
        }
    }
}
