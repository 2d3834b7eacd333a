package dev.holdfast.simulation.disk;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.local.LocalStore;
import dev.holdfast.simulation.disk.PlantedDisk.Bug;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A local store on a simulated disk: a fixed sequence of puts and deletes, a power cut, and a look
/// at what is left.
final class StoreStory {
    private static final int PART_BYTES = 5000; // across sectors of either size

    private final Told told;
    private final Env env;
    private final Bug bug;
    private final Map<String, List<@Nullable Object>> allowed = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int acknowledged;
    private int number;

    StoreStory(long seed, DiskFaults faults, Bug bug) {
        told = new Told(seed, DiskFaults.none().withSector(seed % 2 == 0 ? 512 : 4096));
        env = told.simulation.world();
        told.disk.follow(faults);
        this.bug = bug;
    }

    /// An object: its content, and the put id where it has one.
    private record Thing(Bytes content, @Nullable Ulid putId) {}

    /// Tells the sequence until its end, or until its process dies at the nth call to the disk.
    /// False if it did.
    boolean live(long deathAt) {
        return told.tell((disk, _) -> sequence(new PlantedDisk(disk, bug)), deathAt);
    }

    private void sequence(Disk disk) {
        var store = new LocalStore(Told.ROOT.resolve("store"), env, disk);
        create(store, "db/wal/1");
        create(store, "db/wal/2");
        replace(store, "db/state");
        create(store, "db/manifest/1");
        replace(store, "db/state");
        remove(store, "db/wal/1");
        create(store, "db/compacted/a/1");
        remove(store, "db/state");
        replace(store, "db/state");
        create(store, "db/wal/3");
        create(store, "db/wal/2"); // taken
    }

    private void create(ObjectStore store, String name) {
        var thing = new Thing(content(), Ulid.next(env));
        List<@Nullable Object> before = allowedFor(name);
        boolean isTaken = before.stream().noneMatch(Objects::isNull);
        if (!isTaken) allow(name, thing);
        try {
            var id = Objects.requireNonNull(thing.putId);
            PutResult result = store.putIfAbsent(name, parts(thing.content), id);
            if (result instanceof PutResult.Stored) settle(name, thing);
            if (result instanceof PutResult.AlreadyExists) settleAsThere(name, before);
        } catch (ObjectStoreException notDone) {
            allowed.put(name, before);
        }
    }

    // Others may build on it from now on: it is one of those that were perhaps there.
    private void settleAsThere(String name, List<@Nullable Object> before) {
        List<@Nullable Object> outcomes = new ArrayList<>(before);
        outcomes.removeIf(Objects::isNull);
        allowed.put(name, outcomes);
        acknowledged++;
    }

    private void replace(ObjectStore store, String name) {
        var thing = new Thing(content(), null);
        List<@Nullable Object> before = allowedFor(name);
        allow(name, thing);
        try {
            PutResult result = store.put(name, parts(thing.content));
            if (result instanceof PutResult.Stored) settle(name, thing);
        } catch (ObjectStoreException notDone) {
            allowed.put(name, before);
        }
    }

    private void remove(ObjectStore store, String name) {
        allow(name, null);
        try {
            store.delete(name);
            settle(name, null);
        } catch (ObjectStoreException perhapsDone) {
            return;
        }
    }

    private List<@Nullable Object> allowedFor(String name) {
        List<@Nullable Object> nothing = new ArrayList<>();
        nothing.add(null);
        return allowed.getOrDefault(name, nothing);
    }

    private void allow(String name, @Nullable Object outcome) {
        List<@Nullable Object> outcomes = new ArrayList<>(allowedFor(name));
        outcomes.add(outcome);
        allowed.put(name, outcomes);
    }

    private void settle(String name, @Nullable Object outcome) {
        List<@Nullable Object> outcomes = new ArrayList<>();
        outcomes.add(outcome);
        allowed.put(name, outcomes);
        acknowledged++;
    }

    private Bytes content() {
        byte[] bytes = new byte[3 * PART_BYTES];
        number++;
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (number + i % 100);
        return Bytes.wrap(bytes);
    }

    private static List<Bytes> parts(Bytes content) {
        return List.of(content.slice(0, PART_BYTES), content.slice(PART_BYTES, content.length()));
    }

    /// Cuts the power, opens what is left, and compares. Returns what is wrong, empty if nothing.
    String cutAndLook() {
        told.cutPower();
        told.disk.follow(DiskFaults.none());
        told.tell((disk, _) -> look(new LocalStore(Told.ROOT.resolve("store"), env, disk)));
        return String.join("\n", wrong);
    }

    private void look(ObjectStore store) {
        Set<String> expected = new TreeSet<>();
        for (String name : new TreeSet<>(allowed.keySet())) {
            Bytes content = store.get(name);
            if (content != null) expected.add(name);
            if (allowedFor(name).stream().noneMatch(each -> isSame(store, name, content, each)))
                wrong.add(name + " is " + (content == null ? "gone" : "not what it was"));
        }
        Set<String> listed = new TreeSet<>();
        for (ObjectMeta meta : store.list("", null, 100)) listed.add(meta.name());
        if (!listed.equals(expected)) wrong.add("listed " + listed + ", there are " + expected);
        var fresh = store.putIfAbsent("db/wal/9", List.of(Bytes.utf8("9")), Ulid.next(env));
        if (!(fresh instanceof PutResult.Stored)) wrong.add("does not go on: " + fresh);
    }

    private static boolean isSame(
            ObjectStore store, String name, @Nullable Bytes content, @Nullable Object outcome) {
        if (outcome == null || content == null) return outcome == content;
        var thing = (Thing) outcome;
        if (!thing.content.equals(content)) return false;
        ObjectMeta meta = store.head(name);
        return meta != null
                && meta.size() == content.length()
                && Objects.equals(meta.putId(), thing.putId);
    }

    int acknowledged() {
        return acknowledged;
    }

    SimulatedDisk disk() {
        return told.disk;
    }
}
