package dev.holdfast.engine;

import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.seal.SectionSeal;

/// Opens what an encrypted database has stored, for those who look at its files without opening it.
///
/// What cannot be opened for want of the right key is `Invalid`.
///
/// ```java
/// var seals = new StoredSeals(KeyRing.of(1, firstKey));
/// SectionSeal ofLog = seals.log();
/// ```
@SuppressWarnings("exports") // whoever looks at files knows the format
public final class StoredSeals {
    private final Sealing sealing;

    public StoredSeals(KeyRing keys) {
        sealing = new Sealing(keys, Env.system());
    }

    /// Of the table `id`.
    public SectionSeal table(Ulid id) {
        return sealing.table(id);
    }

    /// Of one object of the log.
    public SectionSeal log() {
        return sealing.log();
    }
}
