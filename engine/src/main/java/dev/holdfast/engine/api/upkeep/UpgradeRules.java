package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;

/// How a database is made one of the newer profile.
///
/// Whoever writes to it is fenced in any case: an engine of the older profile that went on would
/// lose keys in silence. These rules say whether one that is seen at work is left alone instead.
///
/// ```java
/// ProfileReport after = Engine.upgradeProfile(store, "db", UpgradeRules.refusing());
/// ```
///
/// @param watch for so long the database must not change, or nothing is done; zero to fence whoever
///   writes. One that is idle is not seen, and fenced.
public record UpgradeRules(Duration watch) {
    private static final Duration WATCH = Duration.ofSeconds(5);

    public UpgradeRules {
        require(!watch.isNegative(), "watch is negative: %s", watch);
    }

    /// A writer that is seen at work stays, and the upgrade is refused.
    public static UpgradeRules refusing() {
        return new UpgradeRules(WATCH);
    }

    /// Whoever writes is fenced.
    public static UpgradeRules fencing() {
        return new UpgradeRules(Duration.ZERO);
    }
}
