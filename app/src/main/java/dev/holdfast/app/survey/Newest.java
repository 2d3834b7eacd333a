package dev.holdfast.app.survey;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.app.inspect.StoredObjects.Numbered;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.wire.FormatException;

/// The newest manifest of a database, or what to do about there being none that can be read.
public record Newest(Numbered object, ManifestCodec.Decoded decoded) {
    /// What to do about a damaged or missing object.
    static final String FSCK = ". `holdfast fsck` checks every object.";

    private static final String FOLDER = "manifest";
    private static final String ENDING = ".manifest";
    private static final int LOOKS = 3;

    /// The newest manifest among `objects`, which are those at `location`.
    public static Newest of(StoredObjects objects, DatabaseLocation location) {
        // A collector may remove what was just listed: by then there is a newer one.
        for (int look = 0; look < LOOKS; look++) {
            Numbered newest = objects.newest(FOLDER, ENDING);
            if (newest == null) throw foreign(location);
            Bytes file = objects.find(newest.name());
            if (file != null) return new Newest(newest, decoded(newest.id(), newest.name(), file));
        }
        throw new Failure(
                ExitStatus.UNAVAILABLE, "manifests go as fast as they are listed at " + location);
    }

    /// Manifest `id`.
    public static ManifestCodec.Decoded at(StoredObjects objects, long id) {
        String name = StoredObjects.name(FOLDER, id, ENDING);
        Bytes file = objects.find(name);
        if (file == null)
            throw new Failure(
                    ExitStatus.MISSING,
                    "no manifest %d: it never was, or was collected. `holdfast manifest show"
                                    .formatted(id)
                            + " --list` names those that are there.");
        return decoded(id, name, file);
    }

    private static ManifestCodec.Decoded decoded(long id, String name, Bytes file) {
        try {
            return ManifestCodec.decode(file).inPlaceOf(id);
        } catch (FormatException wrong) {
            throw new Failure(
                    ExitStatus.BAD_DATA,
                    ("%s is damaged, or of a form that is not known: %s. `holdfast fsck` checks all"
                                    + " objects, `holdfast manifest show --list` names older"
                                    + " manifests; what to do: docs/operating/recover.md")
                            .formatted(name, wrong.getMessage()),
                    wrong);
        }
    }

    private static Failure foreign(DatabaseLocation location) {
        return new Failure(
                ExitStatus.MISSING,
                "no database at "
                        + location
                        + ": what lies in manifest/ there is no manifest of SlateDB's format");
    }
}
