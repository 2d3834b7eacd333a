package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.engine.local.DivergedTail;
import dev.holdfast.engine.local.TailReplay;
import dev.holdfast.engine.local.TailRules;
import dev.holdfast.engine.read.SnapshotReader;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.tier.LocalHome;
import dev.holdfast.engine.tier.TailShelf;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// A local directory of a database as a person sees it: what it keeps aside, and what may be done
/// with that. A process may have the directory open meanwhile. Not thread-safe.
///
/// ```java
/// LocalDirectory directory = LocalDirectory.at(Path.of("/var/lib/app/holdfast"));
/// directory.tails().forEach(System.out::println);            // kept aside, replayed when asked
/// ```
public final class LocalDirectory {
    private final TailShelf shelf;

    private LocalDirectory(TailShelf shelf) {
        this.shelf = shelf;
    }

    /// The directory at `path`. Reads nothing yet.
    public static LocalDirectory at(Path path) {
        return at(path, Disk.system());
    }

    /// The directory at `path` of a database that is encrypted with `keys`.
    public static LocalDirectory at(Path path, KeyRing keys) {
        return new LocalDirectory(
                new TailShelf(Disk.system(), path, new Sealing(keys, Env.system())));
    }

    /// The same on `disk`.
    public static LocalDirectory at(Path path, Disk disk) {
        return new LocalDirectory(new TailShelf(disk, path, Sealing.none(Env.system())));
    }

    /// True if the log of a database lies there that no process has open now.
    public static boolean isFree(Path path) {
        return LocalHome.isFree(Disk.system(), path);
    }

    /// True if a database has made it its own.
    public boolean isThere() {
        return shelf.isOfADatabase();
    }

    /// The tails that it keeps aside, oldest epoch first.
    public List<DivergedTail> tails() {
        return shelf.tails();
    }

    /// Hands out each key of the tail called `name`, in the order of its commits, as often as it
    /// was written.
    public void keys(String name, Consumer<Bytes> reader) {
        shelf.read(
                name,
                (_, _, rows) -> {
                    while (rows.next())
                        reader.accept(
                                Bytes.copyOf(rows.array(), rows.keyOffset(), rows.keyLength()));
                });
    }

    /// Writes the last row of each key of the tail called `name` to `db`, as new commits, where
    /// nobody has touched the key since the tail was cut off, or as `touched` says. May be
    /// repeated: what is there already is not written again. Returns once what it wrote is in the
    /// store.
    ///
    /// Nobody else may write meanwhile. The tail stays; [#drop] removes it. Throws `Invalid` if
    /// `rules` forbid it: then nothing was written.
    public TailReplay replay(
            String name, HoldfastDb db, TailReplay.Touched touched, TailRules rules) {
        if (!(db instanceof OpenDb open))
            throw new Invalid("not a database of this engine: " + db.getClass(), null);
        return replay(name, ReplayTarget.of(open), touched, rules);
    }

    /// What [#replay] would do, if nobody wrote meanwhile. Writes nothing, and fences nobody.
    public TailReplay rehearse(
            String name, DbReader reader, TailReplay.Touched touched, TailRules rules) {
        if (!(reader instanceof SnapshotReader open))
            throw new Invalid("not a reader of this engine: " + reader.getClass(), null);
        return replay(name, ReplayTarget.of(open), touched, rules);
    }

    private TailReplay replay(
            String name, ReplayTarget target, TailReplay.Touched touched, TailRules rules) {
        DivergedTail tail =
                shelf.tails().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new Invalid("no such tail: `" + name + "`", null));
        var replay = new Replaying(target, tail, touched);
        String damage = shelf.read(name, replay::add);
        return replay.finish(rules, damage);
    }

    /// Removes the tail called `name` for good.
    public void drop(String name) {
        shelf.drop(name);
    }
}
