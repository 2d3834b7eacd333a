import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;

/// Uses the engine on a class path of three jars: itself, LZ4 and Zstandard.
public final class ThreeJars {
    public static void main(String[] arguments) {
        for (Compression codec : Compression.values()) {
            String said = codec + " ";
            try {
                said += write(arguments[0] + "/" + codec, codec);
            } catch (StorageException.Invalid refused) {
                said += refused.getMessage();
            }
            System.out.println(said);
        }
    }

    private static String write(String url, Compression codec) {
        Settings settings = Settings.defaults().but().compression(codec).build();
        try (Db db = Engine.open(url, settings)) {
            db.put(Bytes.utf8("key"), Bytes.utf8("value".repeat(100)));
            db.flushMemtables();
        }
        try (Db db = Engine.open(url, settings)) {
            return String.valueOf(db.get(Bytes.utf8("key")).length());
        }
    }
}
