package dev.holdfast.format.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.Golden;
import dev.holdfast.format.Rows;
import dev.holdfast.format.SlateDbForm;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.compactions.CompactionsCodecTest;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every flip and every cut of a manifest or of compactions is met where they end with our trailer;
/// of others, it is met or changes only what the page on damage lists.
@Tag("SEC-15")
class DamagedManifestsTest {
    private static final Path PAGE = Path.of("docs/formats/reading-damaged-files.md");
    private static final int EVERY_BYTE = 1 << 20;
    private static final int FILES = 20;

    // The page lists the fields of a table once, wherever the table is named.
    private static final Pattern TABLE =
            Pattern.compile(
                    "^(segments\\.sortedRuns\\.ssts|segments\\.l0|sortedRuns\\.ssts|l0)\\.");

    private final long seed = Rows.seeds(1).findFirst().orElseThrow();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    @Tag("OBJ-11")
    @Tag("MAN-05")
    void shouldMeetAllDamageOfManifestsThatWeWrote() {
        for (int i = 0; i < FILES; i++) {
            var manifests = new Manifests(random);
            Manifest manifest = i % 2 == 0 ? manifests.version1() : manifests.version2();
            meetAll("manifest", ManifestCodec.encode(manifest, 0, putId()), ManifestCodec::decode);
        }
        meetAll(
                "first manifest",
                ManifestCodec.encode(Manifest.initial(), 0, putId()),
                ManifestCodec::decode);
    }

    @Test
    void shouldMeetAllDamageOfCompactionsThatWeWrote() {
        for (int i = 0; i < FILES; i++)
            meetAll(
                    "compactions",
                    CompactionsCodec.encode(
                            CompactionsCodecTest.version1(random),
                            CompactionsCodec.VERSION_OLDER,
                            0,
                            putId()),
                    CompactionsCodec::decode);
    }

    private void meetAll(String what, Bytes file, Consumer<Bytes> reader) {
        var damage = new Damage(what, file, reader, seed);
        damage.flip(EVERY_BYTE, Damage.NOTHING);
        damage.cut(List.of(), EVERY_BYTE);
    }

    @Test
    void shouldChangeOnlyWhatThePageListsWhenAForeignManifestIsDamaged() {
        var unseen = new TreeSet<String>();
        Function<Bytes, Record> decoder = file -> ManifestCodec.decode(file).manifest();
        for (Path path : Golden.files(Golden.SLATEDB, ".manifest"))
            unseen.addAll(unseenFields(path.toString(), Golden.read(path), decoder));
        for (int i = 0; i < FILES; i++) {
            var manifests = new Manifests(random);
            Manifest manifest = i % 2 == 0 ? manifests.version1() : manifests.version2();
            Bytes foreign = SlateDbForm.withoutTrailer(ManifestCodec.encode(manifest, 0, putId()));
            unseen.addAll(unseenFields("foreign manifest", foreign, decoder));
        }

        assertEquals(Set.of(), without(unseen, listedUnder("## Manifests")), "seed=" + seed);
    }

    @Test
    void shouldChangeOnlyWhatThePageListsWhenForeignCompactionsAreDamaged() {
        var unseen = new TreeSet<String>();
        Function<Bytes, Record> decoder = file -> CompactionsCodec.decode(file).compactions();
        for (Path path : Golden.files(Golden.SLATEDB, ".compactions"))
            unseen.addAll(unseenFields(path.toString(), Golden.read(path), decoder));
        for (int i = 0; i < FILES; i++) {
            var compactions = CompactionsCodecTest.version1(random);
            Bytes ours =
                    CompactionsCodec.encode(
                            compactions, CompactionsCodec.VERSION_OLDER, 0, putId());
            unseen.addAll(
                    unseenFields("foreign compactions", SlateDbForm.withoutTrailer(ours), decoder));
        }

        assertEquals(Set.of(), without(unseen, listedUnder("## Compactions")), "seed=" + seed);
    }

    // The fields that a flip changed without complaint. A cut is always met.
    private Set<String> unseenFields(String what, Bytes file, Function<Bytes, Record> decoder) {
        Record sound = decoder.apply(file);
        var unseen = new TreeSet<String>();
        var damage = new Damage(what, file, decoder::apply, random.nextLong());
        damage.flip(
                EVERY_BYTE,
                (at, bytes) -> unseen.addAll(FieldDifference.between(sound, decoder.apply(bytes))));
        // What was written first stands last, so that a cut takes what is referred to; but for the
        // padding at the very end.
        damage.cut(List.of(), EVERY_BYTE, file.length() - Long.BYTES);
        return unseen;
    }

    private static Set<String> without(Set<String> unseen, Set<String> listed) {
        assertFalse(listed.isEmpty());
        return unseen.stream()
                .map(field -> TABLE.matcher(field).replaceFirst("table."))
                .map(field -> field.replaceFirst("^recent\\.outputs\\.", "table.sst."))
                .filter(field -> !listed.contains(field))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // The names that stand first in the rows of the tables below a title of the page.
    private static Set<String> listedUnder(String title) {
        String page = read();
        assertTrue(page.contains(title), title);
        String section = page.substring(page.indexOf(title) + title.length()).split("\n## ")[0];
        return Pattern.compile("(?m)^\\| `([A-Za-z0-9.]+)` \\|")
                .matcher(section)
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toSet());
    }

    private static String read() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve(PAGE))) folder = folder.getParent();
        try {
            return Files.readString(folder.resolve(PAGE));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private Ulid putId() {
        return new Ulid(random.nextLong(), random.nextLong());
    }
}
