package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.CompactionsVersion;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.SegmentEdit;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Drain;
import dev.holdfast.format.compactions.Compaction.Status;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.compactions.Compactions;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What one compactor has written down in the store: its epoch, its compactions, their results.
///
/// Order of a commit: the manifest first, then the compactor's own state; in between, the manifest
/// tells what happened. Not thread-safe: the compactor's own thread keeps it.
final class Ledger {
    private static final Duration ATTEMPT = Duration.ofSeconds(30);
    // Who keeps a checkpoint renews it: one that ended so long ago did so by every clock.
    private static final Duration CHECKPOINT_GRACE = Duration.ofHours(1);

    private final ManifestStore manifests;
    private final CompactionsStore store;
    private final Env env;
    private final Token token;
    private final long epoch;
    private final Set<Ulid> own = new HashSet<>(); // that are active, and meant to be
    private CompactionsVersion state;

    private Ledger(ManifestStore manifests, CompactionsStore store, Env env, Claim claim) {
        this.manifests = manifests;
        this.store = store;
        this.env = env;
        this.token = claim.token();
        this.epoch = claim.epoch();
        this.state = claim.state();
        unfinished().forEach(left -> own.add(left.id()));
    }

    private record Claim(long epoch, CompactionsVersion state, Token token) {}

    /// Becomes the compactor, fencing an older one: first in the manifest, then in its own state.
    static Ledger claim(ManifestStore manifests, CompactionsStore store, Env env, Token token)
            throws InterruptedException {
        var patience = new Patience(Deadline.after(env, ATTEMPT), token);
        ManifestVersion known = manifests.latest();
        if (known == null) known = manifests.create(patience);
        ManifestVersion mine =
                manifests.publish(
                        known, new ManifestEdit.TakeOverCompaction(), new Editor.Guest(), patience);
        long epoch = mine.manifest().compactorEpoch();
        int least =
                mine.features().isEmpty()
                        ? CompactionsCodec.VERSION_OLDER
                        : CompactionsCodec.VERSION_NEWER;
        CompactionsVersion state = store.takeOver(epoch, least, Ledger::withoutOthers, patience);
        return new Ledger(manifests, store, env, new Claim(epoch, state, token));
    }

    // What workers of another engine have begun is theirs alone to go on with, and they are fenced.
    private static Compactions withoutOthers(Compactions found) {
        var known = new ArrayList<Compaction>();
        for (Compaction each : found.recent()) known.add(isOthers(each) ? failed(each) : each);
        return new Compactions(found.compactorEpoch(), known);
    }

    private static boolean isOthers(Compaction compaction) {
        boolean isForUs =
                compaction.spec() instanceof Tiered
                        && compaction.worker() == null
                        && compaction.progress() == null;
        return switch (compaction.status()) {
            case COMPLETED, FAILED -> false;
            case COMPACTED, SCHEDULED -> true;
            case SUBMITTED, RUNNING -> !isForUs;
        };
    }

    private static Compaction failed(Compaction left) {
        return new Compaction(left.id(), left.spec(), Status.FAILED, List.of(), null, null);
    }

    /// True if the state is in the version that only newer engines read.
    boolean isNewer() {
        return state.isNewer();
    }

    /// The compactions that an older compactor has left.
    List<Compaction> unfinished() {
        return unfinishedIn(state);
    }

    /// True if `state` tells of a compaction that is not over.
    static boolean hasUnfinished(@Nullable CompactionsVersion state) {
        return state != null && !unfinishedIn(state).isEmpty();
    }

    private static List<Compaction> unfinishedIn(CompactionsVersion state) {
        return state.compactions().recent().stream().filter(Ledger::isActive).toList();
    }

    /// The id of the next compaction: no older than any on record, whatever this clock says, as a
    /// collector spares what is younger than those.
    Ulid freshId() {
        long time = env.currentTimeMillis();
        for (Compaction each : state.compactions().recent())
            time = Math.max(time, each.id().timeMillis());
        return Ulid.at(env, time);
    }

    private static boolean isActive(Compaction compaction) {
        return compaction.status() == Status.SUBMITTED || compaction.status() == Status.RUNNING;
    }

    /// Writes down that `plan` is begun under `id`, before anything of it is written.
    void begin(Ulid id, CompactionPlan plan) throws InterruptedException {
        Long destination = state.isNewer() ? plan.destination() : null;
        var spec = new Tiered(plan.l0(), plan.runs(), plan.segment(), destination);
        var begun = new Compaction(id, spec, Status.RUNNING, List.of(), null, null);
        own.add(id);
        boolean isWritten = false;
        try {
            update(recent -> with(recent, begun));
            isWritten = true;
        } finally {
            if (!isWritten) own.remove(id);
        }
    }

    /// Writes down what is finished of `id`.
    void record(Ulid id, List<Durable<SstHandle>> tables) throws InterruptedException {
        update(recent -> replaced(recent, id, Status.RUNNING, tables));
    }

    /// Writes down that nothing will come of `id`.
    void fail(Ulid id) throws InterruptedException {
        update(recent -> replaced(recent, id, Status.FAILED, List.of()));
        own.remove(id);
    }

    /// True if `tables` can be one sorted run: each once, one behind the other.
    static boolean inOrder(List<SstHandle> tables) {
        if (tables.stream().map(SstHandle::id).distinct().count() < tables.size()) return false;
        for (int i = 1; i < tables.size(); i++) {
            var last = tables.get(i - 1).properties().lastEntry();
            var first = tables.get(i).properties().firstEntry();
            if (last == null || first == null || 0 < last.compareTo(first)) return false;
        }
        return true;
    }

    /// Publishes what came of `plan`. Readers of the replaced manifest have `kept` to turn to the
    /// next one.
    ManifestVersion commit(
            Ulid id,
            CompactionPlan plan,
            List<Durable<SstHandle>> tables,
            ManifestVersion known,
            Duration kept)
            throws InterruptedException {
        var compacted =
                new ManifestEdit.Compacted(plan.l0(), plan.runs(), plan.destination(), tables);
        Bytes segment = plan.segment();
        ManifestEdit edit = segment == null ? compacted : new SegmentEdit.In(segment, compacted);
        ManifestVersion next = publish(id, edit, known, kept);
        update(recent -> replaced(recent, id, Status.COMPLETED, tables));
        own.remove(id);
        return next;
    }

    /// Drops the tables of a segment. Readers of the replaced manifest have `kept` to turn to the
    /// next one.
    ManifestVersion drain(SegmentPlans.Drain drain, ManifestVersion known, Duration kept)
            throws InterruptedException {
        Ulid id = freshId();
        var edit = new SegmentEdit.Drained(drain.segment(), drain.l0(), drain.runs());
        ManifestVersion next = publish(id, edit, known, kept);
        var spec = new Drain(drain.segment(), drain.l0(), drain.runs());
        var over = new Compaction(id, spec, Status.COMPLETED, List.of(), null, null);
        update(recent -> {
            var changed = new ArrayList<>(recent.stream().filter(Ledger::isActive).toList());
            changed.add(over);
            return changed;
        });
        return next;
    }

    private ManifestVersion publish(
            Ulid id, ManifestEdit change, ManifestVersion known, Duration kept)
            throws InterruptedException {
        // One clock that is wrong shortens nobody's time: what is kept is kept by the later of the
        // two, what has ended has ended by the earlier.
        long ours = env.currentTimeMillis() / 1000;
        long writers = known.manifest().lastL0ClockTick() / 1000;
        long late = Math.max(ours, writers);
        var checkpoint =
                new ManifestEdit.Checkpointed(uuidOf(id), late, late + kept.toSeconds(), null);
        var checkpoints =
                new ManifestEdit.Both(endedLongBefore(Math.min(ours, writers)), checkpoint);
        return manifests.publish(
                known,
                new ManifestEdit.Both(checkpoints, change),
                new Editor.Compactor(epoch),
                patience());
    }

    private static ManifestEdit endedLongBefore(long nowSeconds) {
        long then = nowSeconds - CHECKPOINT_GRACE.toSeconds();
        return new ManifestEdit.CheckpointsEnded(Set.of(), then);
    }

    // The same for every attempt to publish one compaction, so that it is made once.
    private static UUID uuidOf(Ulid id) {
        long version4 = (id.high() & ~0xf000L) | 0x4000L;
        long variant = (id.low() >>> 2) | 0x8000000000000000L;
        return new UUID(version4, variant);
    }

    private void update(UnaryOperator<List<Compaction>> change) throws InterruptedException {
        UnaryOperator<Compactions> edit =
                present ->
                        new Compactions(
                                present.compactorEpoch(), change.apply(meant(present.recent())));
        state = store.update(state, epoch, edit, patience());
    }

    // A beginning whose put was given up may have come through all the same: nobody works on it,
    // and it would hold up collectors.
    private List<Compaction> meant(List<Compaction> recent) {
        return recent.stream()
                .filter(each -> each.status() != Status.RUNNING || own.contains(each.id()))
                .toList();
    }

    private static List<Compaction> with(List<Compaction> recent, Compaction begun) {
        var more = new ArrayList<>(recent);
        more.removeIf(other -> other.id().equals(begun.id()));
        more.add(begun);
        return more;
    }

    // Of those that are over only the last is kept: a collector needs its time.
    private static List<Compaction> replaced(
            List<Compaction> recent, Ulid id, Status status, List<Durable<SstHandle>> tables) {
        boolean endsNow = status != Status.RUNNING;
        var changed = new ArrayList<Compaction>();
        for (Compaction each : recent) {
            if (each.id().equals(id)) {
                List<SstHandle> outputs = tables.stream().map(Durable::position).toList();
                changed.add(new Compaction(id, each.spec(), status, outputs, null, null));
            } else if (isActive(each) || !endsNow) {
                changed.add(each);
            }
        }
        return changed;
    }

    /// Throws `Closed` if `manifest` was written under a newer compactor.
    void requireNotFenced(ManifestVersion manifest) {
        new Editor.Compactor(epoch).requireNotFenced(manifest);
    }

    /// The plan that `compaction` stands for.
    ///
    /// The file does not tell the destination of a compaction of L0 alone; any number above those
    /// of all runs will do.
    static CompactionPlan planOf(Compaction compaction, Manifest whole) {
        Tiered spec = (Tiered) compaction.spec();
        // Other engines say of what is outside of segments that its prefix is empty.
        Bytes prefix = spec.segment();
        Bytes segment = prefix == null || prefix.isEmpty() ? null : prefix;
        Manifest manifest = whole.tree(segment);
        List<Ulid> l0 =
                manifest.l0().stream()
                        .map(view -> view.id())
                        .filter(spec.l0ViewIds()::contains)
                        .toList();
        List<Long> runs = spec.sortedRuns().stream().sorted((a, b) -> Long.compare(b, a)).toList();
        Long destination = spec.destination();
        if (destination == null) {
            long next =
                    manifest.sortedRuns().isEmpty() ? 0 : manifest.sortedRuns().getFirst().id() + 1;
            destination = runs.isEmpty() ? Long.valueOf(next) : runs.getLast();
        }
        return new CompactionPlan(
                l0.size() == spec.l0ViewIds().size() ? l0 : spec.l0ViewIds(),
                runs,
                destination,
                segment);
    }

    private Patience patience() {
        return new Patience(Deadline.after(env, ATTEMPT), token);
    }

    /// The epoch of this compactor.
    long epoch() {
        return epoch;
    }
}
