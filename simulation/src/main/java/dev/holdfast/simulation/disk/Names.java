package dev.holdfast.simulation.disk;

import dev.holdfast.base.file.DiskException.Absent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tree of names of one disk, and the changes of it that no force has covered yet.
///
/// Invariants:
/// 1. A directory as it is seen is the directory on the platter with its unforced changes applied,
///    but for changes that a failed force has forgotten.
/// 2. A rename never outlasts a power cut with its source gone and its target not there.
final class Names {
    private final Folder root = new Folder();
    private List<NameChange> unforced = new ArrayList<>();

    /// What stands at `path`, or null.
    @Nullable Inode find(Path path) {
        Inode found = root;
        for (Path part : absolute(path)) {
            if (!(found instanceof Folder folder)) return null;
            found = folder.seen().get(part.toString());
        }
        return found;
    }

    /// The directory that `path` lies in.
    Folder parentOf(Path path) throws Absent {
        Path parent = absolute(path).getParent();
        if (parent != null && find(parent) instanceof Folder folder) return folder;
        throw new Absent("No such file or directory", null);
    }

    static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    void set(Path path, Inode inode) throws Absent {
        change(new NameChange(parentOf(path), nameOf(path), inode, null));
    }

    void remove(Path path) throws Absent {
        change(new NameChange(parentOf(path), nameOf(path), null, null));
    }

    void rename(Path source, Path target, Inode inode) throws Absent {
        var arrival = new NameChange(parentOf(target), nameOf(target), inode, null);
        change(arrival);
        change(new NameChange(parentOf(source), nameOf(source), null, arrival));
    }

    private void change(NameChange change) {
        change.applyTo(change.folder().seen());
        unforced.add(change);
    }

    private static String nameOf(Path path) {
        return String.valueOf(absolute(path).getFileName());
    }

    /// Makes the names of `folder` outlast a cut.
    void force(Folder folder) {
        Set<NameChange> covered = none();
        for (NameChange change : unforced) {
            if (change.folder() != folder) continue;
            covered.add(change);
            if (change.first() != null) covered.add(change.first());
        }
        settle(covered);
    }

    /// Some names of `folder` are written; all count as written.
    void failForce(Folder folder, Luck luck) {
        Set<NameChange> written = none();
        Set<NameChange> forgotten = none();
        for (NameChange change : unforced) {
            boolean isHalfGone = change.first() != null && forgotten.contains(change.first());
            if (change.folder() != folder && !isHalfGone) continue;
            boolean isWhole = change.first() == null || written.contains(change.first());
            if (isWhole && luck.coin()) written.add(change);
            else forgotten.add(change);
        }
        settle(written);
        unforced.removeIf(forgotten::contains);
    }

    private static Set<NameChange> none() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private void settle(Set<NameChange> covered) {
        for (Iterator<NameChange> each = unforced.iterator(); each.hasNext(); ) {
            NameChange change = each.next();
            if (!covered.contains(change)) continue;
            change.applyTo(change.folder().platter());
            each.remove();
        }
    }

    /// From now on everybody sees what is on the platter, and what a cut leaves besides.
    void cutPower(Luck luck) {
        Keeping keeping = Keeping.drawn(luck);
        Set<NameChange> lost = none();
        for (NameChange change : unforced) {
            boolean isKept = keeping.keeps(luck) && !lost.contains(change.first());
            if (isKept && !lost.isEmpty()) luck.count(DiskFault.NAME_REORDERED);
            if (isKept) change.applyTo(change.folder().platter());
            else lost.add(change);
        }
        if (!lost.isEmpty()) luck.count(DiskFault.NAME_LOST);
        unforced = new ArrayList<>();
        cut(root, new HashSet<>(), luck);
    }

    private static void cut(Folder folder, Set<Inode> done, Luck luck) {
        folder.cutPower();
        for (Inode inode : folder.seen().values()) {
            if (!done.add(inode)) continue;
            switch (inode) {
                case Folder inner -> cut(inner, done, luck);
                case Content content -> content.cutPower(Keeping.drawn(luck), luck);
            }
        }
    }

    /// Every file that has a name, once, in an order that is the same in every run.
    Set<Content> files() {
        Set<Content> files = new LinkedHashSet<>();
        collect(root, files);
        return files;
    }

    private static void collect(Folder folder, Set<Content> files) {
        for (Inode inode : folder.seen().values()) {
            switch (inode) {
                case Folder inner -> collect(inner, files);
                case Content content -> files.add(content);
            }
        }
    }
}
