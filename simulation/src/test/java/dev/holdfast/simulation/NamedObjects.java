package dev.holdfast.simulation;

import dev.holdfast.base.Env;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.objectstore.api.ObjectStore;

/// What the manifests of a database name, and whether it is there.
final class NamedObjects {
    private NamedObjects() {}

    /// One line for each object that some manifest names and that is missing.
    static String missing(ObjectStore store, String path) {
        var manifests = new ManifestStore(store, path, Env.system());
        ManifestVersion latest = manifests.latest();
        var faults = new StringBuilder();
        for (long id = 1; latest != null && id <= latest.id(); id++) {
            ManifestVersion version = manifests.at(id);
            if (version == null) continue;
            for (String name : namedBy(version.manifest(), path)) {
                if (store.head(name) == null)
                    faults.append("manifest ")
                            .append(id)
                            .append(" names ")
                            .append(name)
                            .append('\n');
            }
        }
        return faults.toString();
    }

    private static java.util.List<String> namedBy(Manifest manifest, String path) {
        var names = new java.util.ArrayList<String>();
        var tables = TablePaths.of(path, manifest);
        for (SstView view : manifest.l0()) names.add(tables.name(view.sst().id()));
        var log = NumberedNames.wals(path);
        for (long id = manifest.replayAfterWalId() + 1; id <= manifest.walIdLastSeen(); id++)
            names.add(log.name(id));
        return names;
    }
}
