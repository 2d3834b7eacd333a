package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.iter.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nodes are sorted by all bytes of their keys, of one key the last that was made first.
class NodeOrderTest {
    @Test
    void shortKeysOfFewBytes() {
        sortSome(random -> bytes(random, random.nextInt(12), 2));
    }

    @Test
    void keysOfManyKinds() {
        List<Bytes> kinds = new ArrayList<>();
        for (int i = 0; i < 5; i++) kinds.add(bytes(new Random(i), 3 + 17 * i, 256));
        sortSome(random -> {
            Bytes kind = kinds.get(random.nextInt(kinds.size()));
            return KeyRange.within(kind, KeyRange.from(bytes(random, 1 + random.nextInt(20), 256)))
                    .start();
        });
    }

    @Test
    void keysThatAreTheSame() {
        sortSome(random -> Bytes.utf8("hot " + random.nextInt(1 + random.nextInt(4))));
    }

    @Test
    void keysThatAreTheBeginningsOfOthers() {
        sortSome(random -> Bytes.wrap(new byte[random.nextInt(60)]));
    }

    @Test
    @Timeout(60)
    void longKeysThatAreTheBeginningsOfOthers() {
        sortSome(random -> Bytes.utf8("a".repeat(8 * random.nextInt(2_000))));
    }

    private static Bytes bytes(Random random, int length, int values) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte) random.nextInt(values);
        return Bytes.wrap(bytes);
    }

    private static void sortSome(Function<Random, Bytes> which) {
        Seeds.fresh(20)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var entries = new EntryArena();
                    var towers = new TowerArena();
                    var keys = new HashMap<Integer, Bytes>();
                    int[] nodes = new int[random.nextInt(1 << random.nextInt(13))];
                    long[] marks = new long[nodes.length];
                    KeyMarks form =
                            random.nextBoolean()
                                    ? KeyMarks.PLAIN
                                    : KeyMarks.between(which.apply(random), which.apply(random));
                    for (int i = 0; i < nodes.length; i++) {
                        Bytes key = which.apply(random);
                        int entry = entries.allot(key.length(), 0, i, 0);
                        byte[] chunk = entries.chunk(entry);
                        key.copyTo(chunk, EntryArena.keyOffset(chunk, EntryArena.offset(entry)));
                        nodes[i] = towers.allot(entry, 1 + random.nextInt(3), TowerArena.HEAD);
                        marks[i] = form.of(key.array(), key.offset(), key.offset() + key.length());
                        keys.put(nodes[i], key);
                    }
                    var expected = new ArrayList<>(keys.keySet());
                    expected.sort(
                            Comparator.comparing((Integer node) -> keys.get(node))
                                    .thenComparing(Comparator.<Integer>reverseOrder()));

                    new NodeOrder(towers, entries, nodes, marks).sort();

                    for (int i = 0; i < nodes.length; i++)
                        assertEquals(expected.get(i), nodes[i], "seed " + seed + " at " + i);
                });
    }
}
