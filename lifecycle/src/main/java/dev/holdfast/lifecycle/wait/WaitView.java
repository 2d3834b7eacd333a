package dev.holdfast.lifecycle.wait;

import java.time.Duration;

/// One wait under way, as an observer sees it.
///
/// @param waiter the thread that waits; its stack tells where
/// @param party the scope or component in whose name it waits
/// @param waker the component or task that will end the wait
public record WaitView(
        Thread waiter,
        String party,
        WaitKind kind,
        String resource,
        String waker,
        Duration soFar,
        Duration left) {

    @Override
    public String toString() {
        return ("`%s` of `%s` waits for %s `%s`, to be woken by `%s`,"
                        + " since %d ms, at most %d ms more")
                .formatted(
                        waiter.getName(),
                        party,
                        kind.name().toLowerCase(java.util.Locale.ROOT),
                        resource,
                        waker,
                        soFar.toMillis(),
                        left.toMillis());
    }
}
