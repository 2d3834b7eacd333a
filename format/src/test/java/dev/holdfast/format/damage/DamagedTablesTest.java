package dev.holdfast.format.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.Golden;
import dev.holdfast.format.Row;
import dev.holdfast.format.Rows;
import dev.holdfast.format.SstFile;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wal.WalEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every flip and every cut of a table or a log object is met.
@Tag("SEC-15")
class DamagedTablesTest {
    private static final int FLIPS_SHORT = 3000;
    private static final int CUTS_SHORT = 1000;

    private final long seed = Rows.seeds(1).findFirst().orElseThrow();
    private long met;
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    @Tag("OBJ-11")
    void shouldMeetDamageOfTablesThatWeWrote() {
        for (Codec codec : Codec.values()) {
            List<Row> rows = Rows.random(random, 200, 60);
            Bytes file = Rows.encode(rows, new SstSettings(512, codec, 10, 10));
            damageTable("table " + codec, file, FLIPS_SHORT);
        }
    }

    @Test
    @Tag("OBJ-11")
    void shouldMeetDamageOfLogObjectsThatWeWrote() {
        for (Codec codec : Codec.values()) {
            Bytes file = Rows.encodeWal(Rows.randomLog(random, 150), 512, codec);
            damageLog("log " + codec, file, FLIPS_SHORT);
        }
        damageLog("fence", WalEncoder.fence(), FLIPS_SHORT);
    }

    @Test
    void shouldMeetDamageOfTablesAndLogObjectsThatSlateDbWrote() {
        for (Path path : sample()) damage(path, 400);
    }

    @Test
    @Tag("long")
    void shouldMeetDamageOfEveryByteThatSlateDbWrote() {
        for (Path path : Golden.files(Golden.SLATEDB, ".sst")) damage(path, Integer.MAX_VALUE);
        DamageFigures.record("flips and cuts of SlateDB's tables and log objects, all met", met);
    }

    @Test
    @Tag("long")
    void shouldMeetDamageOfEveryByteThatWeWrote() {
        for (Codec codec : Codec.values()) {
            List<Row> rows = Rows.random(random, 400, 150);
            Bytes file = Rows.encode(rows, new SstSettings(4096, codec, 10, 10));
            damageTable("table " + codec, file, Integer.MAX_VALUE);
            Bytes log = Rows.encodeWal(Rows.randomLog(random, 300), 4096, codec);
            damageLog("log " + codec, log, Integer.MAX_VALUE);
        }
        DamageFigures.record("flips and cuts of our tables and log objects, all met", met);
    }

    // One table and one log object of each database.
    private static List<Path> sample() {
        var paths = new ArrayList<Path>();
        for (String name : List.of("basic", "codec-null", "codec-Snappy", "codec-Zlib")) {
            paths.add(Golden.files(Golden.SLATEDB + "/" + name + "/compacted", ".sst").getLast());
            paths.add(Golden.files(Golden.SLATEDB + "/" + name + "/wal", ".sst").getLast());
        }
        for (String name : List.of("codec-Lz4", "codec-Zstd")) {
            paths.add(Golden.files(Golden.SLATEDB + "/" + name + "/compacted", ".sst").getFirst());
            paths.add(Golden.files(Golden.SLATEDB + "/" + name + "/wal", ".sst").getFirst());
        }
        return paths;
    }

    private void damage(Path path, int flips) {
        Bytes file = Golden.read(path);
        if (Golden.isWal(path)) damageLog(path.toString(), file, flips);
        else damageTable(path.toString(), file, flips);
    }

    private void damageTable(String what, Bytes file, int flips) {
        SstProperties properties = SstFile.of(file).properties();
        SstVerifier.verify(file, properties, 2);
        var withManifest =
                new Damage(what, file, bytes -> SstVerifier.verify(bytes, properties, 2), seed);
        withManifest.flip(flips, Damage.NOTHING);
        withManifest.cut(boundaries(file), CUTS_SHORT);
        var alone = new Damage(what + " alone", file, SstVerifier::verify, seed + 1);
        alone.flip(Math.min(flips, FLIPS_SHORT) / 4, Damage.NOTHING);
        alone.cut(boundaries(file), CUTS_SHORT / 4);
        met += withManifest.attempts() + alone.attempts();
    }

    private void damageLog(String what, Bytes file, int flips) {
        List<Row> rows = rowsOf(file);
        var damage = new Damage(what, file, DamagedTablesTest::rowsOf, seed);
        // An empty table says the same in both versions, so that its version can flip unseen.
        int version = file.length() - 1;
        damage.flip(
                flips,
                (at, bytes) -> {
                    assertEquals(version, at);
                    assertEquals(List.of(), rows);
                });
        var lengths = boundaries(file);
        lengths.remove(0); // an object without bytes is a fence
        for (int i = 0; i < CUTS_SHORT; i++) lengths.add(1 + random.nextInt(file.length() - 1));
        damage.cut(lengths, 0);
        met += damage.attempts();
    }

    private static List<Row> rowsOf(Bytes file) {
        return switch (WalDecoder.decode(file)) {
            case WalDecoder.Rows log -> Row.drain(log.rows());
            case WalDecoder.Fence _ -> List.of();
        };
    }

    // Where sections and blocks begin and end, and a byte before and after.
    private static TreeSet<Integer> boundaries(Bytes bytes) {
        SstFile file = SstFile.of(bytes);
        SstProperties properties = file.properties();
        var starts = new TreeSet<Integer>();
        for (int i = 0; i < file.index().blockCount(); i++)
            starts.add((int) file.index().blockOffset(i));
        starts.add((int) properties.dataEnd());
        starts.add((int) properties.index().offset());
        starts.add((int) properties.index().end());
        starts.add((int) properties.propertiesOffset());
        starts.add(bytes.length() - SstFooter.BYTES);
        starts.add(bytes.length() - Short.BYTES);
        var lengths = new TreeSet<Integer>();
        for (int start : starts)
            for (int length = start - 1; length <= start + 1; length++)
                if (0 <= length && length < bytes.length()) lengths.add(length);
        return lengths;
    }
}
