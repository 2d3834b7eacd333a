package dev.holdfast.simulation.disk;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A change of one name in one directory, not yet on the platter.
///
/// @param inode what the name stands for from now on; null if for nothing
/// @param first the other half of a rename, without which this one never outlasts a cut
record NameChange(Folder folder, String name, @Nullable Inode inode, @Nullable NameChange first) {
    void applyTo(TreeMap<String, Inode> names) {
        if (inode == null) names.remove(name);
        else names.put(name, inode);
    }
}
