package dev.holdfast.simulation.store;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes what is read wrong: bodies and pages.
///
/// Invariant: with [Corruption#ON_THE_WAY] a body that came back wrong comes back right for a
/// while, so that reading once more always heals.
final class Spoiler {
    private static final Duration HEALED = Duration.ofSeconds(30);

    private final SimulatedStore store;
    private final Chest chest;
    private final Chance chance;
    private final Env env;
    private final Map<String, Long> rightUntilNanos = new HashMap<>();

    Spoiler(SimulatedStore store, Chest chest, Chance chance, Env env) {
        this.store = store;
        this.chest = chest;
        this.chance = chance;
        this.env = env;
    }

    /// What a read of `name` comes back with.
    <T> @Nullable T read(String name, StoreFault fault, Deed<T> deed) {
        if (store.faults().corruption() == Corruption.AT_REST) {
            Bytes whole = chest.atRest().get(name);
            Bytes wrong = whole == null ? null : wrongWhole(name, fault, whole);
            if (wrong != null && !wrong.equals(whole)) {
                chest.rot(name, wrong);
                store.count(fault);
            }
            return deed.done(chest, name);
        }
        T right = deed.done(chest, name);
        if (right == null || isToBeRight(name)) return right;
        T wrong = wrongPart(name, fault, deed, right);
        if (wrong == null || wrong.equals(right)) return right;
        rightUntilNanos.put(name, env.nanoTime() + HEALED.toNanos());
        store.count(fault);
        return wrong;
    }

    private boolean isToBeRight(String name) {
        Long until = rightUntilNanos.get(name);
        return until != null && env.nanoTime() < until;
    }

    private @Nullable Bytes wrongWhole(String name, StoreFault fault, Bytes whole) {
        return wrongPart(name, fault, Chest::get, whole);
    }

    @SuppressWarnings("unchecked") // what stands for bytes is bytes
    private <T> @Nullable T wrongPart(String name, StoreFault fault, Deed<T> deed, T right) {
        Bytes body = (Bytes) right;
        return switch (fault) {
            case TRUNCATED -> (T) new Fault.Truncated(chance.below(256)).spoil(body);
            case BIT_FLIP -> (T) new Fault.BitFlip(chance.below(Integer.MAX_VALUE)).spoil(body);
            case OTHER_OBJECT -> isWhole(name, body) ? other(name, deed) : null;
            default -> from(chest.earlier(), name, deed);
        };
    }

    // Of a part, a client that names the version it means (`If-Match`) is told instead.
    private boolean isWhole(String name, Bytes body) {
        ObjectMeta meta = chest.atRest().head(name);
        return meta != null && meta.size() == body.length();
    }

    private <T> @Nullable T other(String name, Deed<T> deed) {
        return from(chest, chest.neighbour(name), deed);
    }

    private static <T> @Nullable T from(
            @Nullable Chest chest, @Nullable String name, Deed<T> deed) {
        if (chest == null || name == null) return null;
        try {
            return deed.done(chest, name);
        } catch (ObjectStoreException.Invalid tooShort) {
            return null;
        }
    }

    /// What a page comes back as.
    @SuppressWarnings("unchecked") // what stands for a page is a page
    <T> @Nullable T list(StoreFault fault, @Nullable T page) {
        var entries = new ArrayList<>((List<ObjectMeta>) page);
        boolean isLast = entries.size() < ObjectStore.LIST_LIMIT_MAX;
        if (entries.isEmpty() || !isLast) return page;
        if (fault == StoreFault.STALE_LIST) {
            Duration lag = chance.upTo(store.faults().timing().lagMax());
            entries.removeIf(each -> chest.isYoung(each.name(), lag));
        } else {
            int at = chance.below(entries.size());
            entries.add(at, entries.get(at));
        }
        if (entries.equals(page)) return page;
        store.count(fault);
        return (T) entries;
    }
}
