package dev.holdfast.redis.fake;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.Doorkeeper;
import java.util.function.Predicate;

/// Sends nobody away.
public final class IdleDoorkeeper implements Doorkeeper {
    @Override
    public void changed(String user, Predicate<Bytes> channels, Predicate<Bytes> patterns) {}

    @Override
    public void removed(String user) {}
}
