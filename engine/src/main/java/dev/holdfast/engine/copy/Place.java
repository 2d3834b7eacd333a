package dev.holdfast.engine.copy;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;

/// Where databases lie that are copied, and what the work runs on.
///
/// @param token ends it early
/// @param attempt how long one edit of a manifest may take
/// @param sealing opens what is encrypted
public record Place(ObjectStore store, Env env, Token token, Duration attempt, Sealing sealing) {

    /// The manifests of the database at `root`.
    ManifestStore manifests(String root) {
        if (!root.isEmpty()) ObjectNames.check(root);
        return new ManifestStore(store, root, env);
    }

    /// The newest manifest of a database that is whole. Throws `Invalid` if there is none.
    ManifestVersion newest(String root) {
        ManifestVersion newest = manifests(root).latest();
        if (newest == null)
            throw new Invalid(
                    "no database here. store=`%s`, path=`%s`".formatted(store.url(), root), null);
        DropMark.requireReady(newest);
        return newest;
    }

    /// For one edit.
    Patience patience() {
        return new Patience(Deadline.after(env, attempt), token);
    }

    /// The wall clock in seconds.
    long nowSeconds() {
        return env.currentTimeMillis() / 1000;
    }
}
