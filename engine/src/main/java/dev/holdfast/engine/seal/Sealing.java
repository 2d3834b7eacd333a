package dev.holdfast.engine.seal;

import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.format.seal.SectionSeal;

/// How one database is encrypted: gives each file its seal. Thread-safe.
///
/// Invariants:
/// 1. No two files share a key: it follows from the ring's key, the file's fresh salt and the
///    table's id.
/// 2. Within a file no number is used twice, so no nonce is: it is the section's position there, or
///    the commit's sequence number.
public final class Sealing {
    private static final Ulid LOG = new Ulid(0, 0);

    private final KeyRing ring;
    private final Env env;

    public Sealing(KeyRing ring, Env env) {
        this.ring = ring;
        this.env = env;
    }

    /// Nothing is sealed, and what is sealed is told so.
    public static Sealing none(Env env) {
        return new Sealing(KeyRing.none(), env);
    }

    /// The seal of the table `id`.
    public SectionSeal table(Ulid id) {
        return new AesGcmSeal(ring, id, this::freshSalt);
    }

    /// The seal of one object of the log, or of one life of a local log. Rows and their order say
    /// which one it is.
    public SectionSeal log() {
        return new AesGcmSeal(ring, LOG, this::freshSalt);
    }

    private Ulid freshSalt() {
        return new Ulid(env.randomLong(), env.randomLong());
    }
}
