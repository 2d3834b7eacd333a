package dev.holdfast.engine.owner;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.local.DatabaseOwner.End;
import dev.holdfast.engine.local.DatabaseOwner.Hint;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What owners have left, by name, as of one listing. Immutable.
///
/// The newest owner decides, whatever epochs came after it: an epoch that nobody left a word of may
/// be one that its own node won and died in.
public final class OwnerBook {
    private final ObjectStore store;
    private final OwnerNames names;
    private final long newestEpoch;
    private final boolean isDrained;
    private final long newestHint;
    private final boolean hasPast;

    private OwnerBook(ObjectStore store, OwnerNames names, Listing listing) {
        this.store = store;
        this.names = names;
        newestEpoch = listing.newestEpoch;
        isDrained = 0 < newestEpoch && newestEpoch == listing.newestDrained;
        newestHint = newestEpoch == listing.hintEpoch ? listing.newestHint : 0;
        hasPast = listing.slips.stream().anyMatch(this::isPast);
    }

    private static final class Listing {
        private long newestEpoch;
        private long newestDrained;
        private long hintEpoch;
        private long newestHint;
        private final List<OwnerNames.Slip> slips = new ArrayList<>();

        void add(OwnerNames.Slip slip) {
            slips.add(slip);
            switch (slip.kind()) {
                case OWNER -> newestEpoch = Math.max(newestEpoch, slip.epoch());
                case DRAINED -> newestDrained = Math.max(newestDrained, slip.epoch());
                case UNSHIPPED -> {
                    if (slip.epoch() < hintEpoch) return;
                    if (hintEpoch < slip.epoch()) newestHint = 0;
                    hintEpoch = slip.epoch();
                    newestHint = Math.max(newestHint, slip.number());
                }
            }
        }
    }

    /// Reads names only: one listing, of more pages only where nobody collects.
    public static OwnerBook read(ObjectStore store, String root) {
        var names = new OwnerNames(root);
        var listing = new Listing();
        String position = null;
        while (true) {
            List<ObjectMeta> page =
                    store.list(names.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                position = object.name();
                OwnerNames.Slip slip = names.slip(position);
                if (slip != null) listing.add(slip);
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
        }
        return new OwnerBook(store, names, listing);
    }

    /// The epoch of the newest owner; 0 if nobody left a word.
    long newestEpoch() {
        return newestEpoch;
    }

    /// True if the newest owner left no word that it is drained.
    boolean isOpen() {
        return 0 < newestEpoch && !isDrained;
    }

    /// True if an object of that name is of no use any more.
    public boolean isPast(String name) {
        OwnerNames.Slip slip = names.slip(name);
        return slip != null && isPast(slip);
    }

    /// True if there is any of no use any more.
    public boolean hasPast() {
        return hasPast;
    }

    private boolean isPast(OwnerNames.Slip slip) {
        boolean isReplaced =
                slip.epoch() == newestEpoch
                        && slip.kind() == OwnerNames.Kind.UNSHIPPED
                        && slip.number() < newestHint;
        return slip.epoch() < newestEpoch || isReplaced;
    }

    /// The newest owner; null if nobody left a word.
    public @Nullable DatabaseOwner owner() {
        if (newestEpoch == 0) return null;
        DatabaseOwner owner = ownerOf(newestEpoch);
        if (owner == null) throw new Unavailable("an owner's word is listed but not shown", null);
        return owner.with(isDrained ? End.DRAINED : null, newestHint == 0 ? null : hint());
    }

    /// Who left word of having won `epoch`, as far as that one object tells; null if nobody did.
    @Nullable DatabaseOwner ownerOf(long epoch) {
        String name = names.owner(epoch);
        Bytes object = store.get(name);
        if (object == null) return null;
        try {
            return OwnerText.owner(name, object);
        } catch (CorruptData _) { // damage on the way is healed by reading once more
            Bytes again = store.get(name);
            return OwnerText.owner(name, again == null ? object : again);
        }
    }

    // It may be replaced at any time, and only tells how much is at stake.
    private @Nullable Hint hint() {
        String name = names.unshipped(newestEpoch, newestHint);
        Bytes object = store.get(name);
        try {
            return object == null ? null : OwnerText.hint(name, object);
        } catch (CorruptData _) {
            return null;
        }
    }
}
