package dev.holdfast.system.guide;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CheckpointScope;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Keeps moments of a database: a snapshot, a checkpoint, and a clone to try things out.
public final class Moments {
    private static final Bytes APPLE = Bytes.utf8("fruit/apple");

    private Moments() {}

    public static void main(String[] arguments) {
        try (ObjectStore store = ObjectStores.open(Path.of("").toUri().toString(), Env.system())) {
            UUID red;
            try (HoldfastDb db = Engine.open(store, "shop", Settings.defaults())) {
                Db.Snapshot snapshot = db.snapshot("guide", Duration.ofMinutes(1));
                red = db.checkpoint(CheckpointScope.ALL, named("red apples")).id();
                db.put(APPLE, Bytes.utf8("green"));
                System.out.println("now " + db.get(APPLE));
                System.out.println("in the snapshot " + snapshot.get(APPLE));
                snapshot.close();
            }

            try (DbReader then =
                    Engine.openReader(store, "shop", ReaderSettings.atCheckpoint(red))) {
                System.out.println("at the checkpoint " + then.get(APPLE));
            }

            Engine.clones(store).create("trial", List.of(CloneSource.of("shop").at(red)));
            try (HoldfastDb trial = Engine.open(store, "trial", Settings.defaults())) {
                System.out.println("in the clone " + trial.get(APPLE));
                trial.put(APPLE, Bytes.utf8("blue"));
            }

            for (StoredCheckpoint checkpoint : Engine.checkpoints(store, "shop").list())
                System.out.println("kept: " + checkpoint.name());
        }
    }

    private static CheckpointOptions named(String name) {
        return CheckpointOptions.lasting(Duration.ofHours(1)).named(name);
    }
}
