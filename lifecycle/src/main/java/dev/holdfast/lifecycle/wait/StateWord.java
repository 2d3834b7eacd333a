package dev.holdfast.lifecycle.wait;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Env;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one atomic word `{epoch, state, level}` of a scope or component: its state, its tokens and
/// its refusals are views of this word, so they cannot disagree.
///
/// Invariants:
/// 1. Whoever sees a stopping state sees at least [Level#DRAIN] (LIFE-1).
/// 2. Within an epoch neither level nor state goes back (LIFE-3).
///
/// A transition publishes the word first, then wakes the waits of this word and of the words nested
/// in it, then calls the listeners. Thread-safe; never blocks.
public final class StateWord {
    private static final int STATE_SHIFT = 8;
    private static final int EPOCH_SHIFT = 16;
    private static final int BYTE = 0xFF;
    private static final State[] STATES = State.values();
    private static final Level[] LEVELS = Level.values();

    private final String name;
    private final Env env;
    private final Rank rank;
    private final AtomicLong word = new AtomicLong(pack(1, State.NEW, Level.NONE));
    private final AtomicLong ids = new AtomicLong();
    private final ConcurrentSkipListMap<Long, StateWord> nested = new ConcurrentSkipListMap<>();
    private final ConcurrentHashMap<Long, Wait> waits = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<String> gone = new ConcurrentSkipListSet<>();
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<TrackedLock> locks = new CopyOnWriteArrayList<>();
    private volatile @Nullable StateWord parent;
    private volatile long abortedEpoch; // the last one that reached ABORT and was left by a resume

    private enum Rank {
        /// Stops and resumes on its own account.
        SCOPE,
        /// Stops and resumes with the word that it is a part of.
        PART
    }

    /// A word that is nested in no other, in state NEW.
    public StateWord(String name, Env env) {
        this(name, env, Rank.SCOPE);
    }

    private StateWord(String name, Env env, Rank rank) {
        this.name = name;
        this.env = env;
        this.rank = rank;
    }

    /// A new word nested in this one, and a part of it: it resumes when this one does.
    public StateWord nest(String nestedName) {
        StateWord child = new StateWord(nestedName, env, Rank.PART);
        child.nestIn(this);
        return child;
    }

    /// Nests this word in `outer`: from now on its tokens read the levels of `outer` too.
    public void nestIn(StateWord outer) {
        require(parent == null, "%s is nested already", name);
        require(!outer.isWithin(this), "%s cannot be nested in itself", name);
        parent = outer;
        outer.nested.put(outer.ids.incrementAndGet(), this);
        if (outer.token().level() != Level.NONE) wake();
    }

    /// Takes this word out of the one it is nested in. Its tokens keep reading the outer levels.
    public void leave() {
        StateWord outer = parent;
        if (outer != null) outer.nested.values().remove(this);
    }

    /// Steps forward to `state`, and to `level` if that is higher than the present one. A state or
    /// level that is behind the present one changes nothing. True if the word changed.
    public boolean advance(State state, Level level) {
        while (true) {
            long seen = word.get();
            State next = STATES[Math.max(stateOf(seen).ordinal(), state.ordinal())];
            Level least = next.isFinal() ? Level.ABORT : next.isStopping() ? Level.DRAIN : level;
            long wanted = pack(epochOf(seen), next, levelOf(seen).max(level).max(least));
            if (wanted == seen) return false;
            if (word.compareAndSet(seen, wanted)) {
                published();
                return true;
            }
        }
    }

    /// Steps back from DRAINING to RUNNING under a new epoch, here and in every part that is
    /// DRAINING; scopes nested inside keep their state under a new epoch. Tokens handed out before,
    /// at any depth, stay cancelled. False if it is too late.
    public boolean resume() {
        long seen = word.get();
        if (stateOf(seen) != State.DRAINING || levelOf(seen) == Level.ABORT) return false;
        // Nested words before this one: no old token may read NONE.
        for (StateWord child : nested.values()) child.renew(Rank.PART);
        if (!word.compareAndSet(seen, pack(epochOf(seen) + 1, State.RUNNING, Level.NONE)))
            return false;
        wake();
        tell();
        return true;
    }

    // Once a scope stands between, a part is a part of that scope, and does not resume with us.
    private void renew(Rank resuming) {
        Rank mine = resuming == Rank.SCOPE ? Rank.SCOPE : rank;
        for (StateWord child : nested.values()) child.renew(mine);
        while (true) {
            long seen = word.get();
            if (stateOf(seen).isFinal()) return;
            if (levelOf(seen) == Level.ABORT) abortedEpoch = epochOf(seen);
            if (word.compareAndSet(seen, renewed(seen, mine))) return;
        }
    }

    private static long renewed(long seen, Rank rank) {
        long epoch = epochOf(seen) + 1;
        return rank == Rank.PART && stateOf(seen) == State.DRAINING
                ? pack(epoch, State.RUNNING, Level.NONE)
                : pack(epoch, stateOf(seen), levelOf(seen));
    }

    private void published() {
        wake();
        listeners.forEach(Runnable::run);
    }

    private void tell() {
        listeners.forEach(Runnable::run);
        for (StateWord child : nested.values()) child.tell();
    }

    /// Makes every wait of this word, and of those nested in it, look again at what it waits for.
    public void wake() {
        for (Wait wait : inOrder()) LockSupport.unpark(wait.thread());
        for (StateWord child : nested.values()) child.wake();
    }

    /// Has `listener` called after every transition, on the thread that makes it. It must not block
    /// or throw.
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /// States that the component or task `waker` has ended: waits that it should have woken end.
    public void announceGone(String waker) {
        gone.add(waker);
        wake();
    }

    /// Takes back [#announceGone]: a task of that name runs again.
    public void announceBack(String waker) {
        gone.remove(waker);
    }

    /// True if `waker` has ended, as far as this word or one around it knows.
    public boolean isGone(String waker) {
        for (StateWord each = this; each != null; each = each.parent) {
            if (each.gone.contains(waker)) return true;
        }
        return false;
    }

    /// A token that reads this word in its present epoch, and the words around it.
    public Token token() {
        return new Token(this, epoch(), Level.ABORT, null);
    }

    /// All waits under way in this word and in those nested in it, the oldest first within a word.
    public List<WaitView> waits() {
        List<WaitView> views = new ArrayList<>();
        collect(views);
        return views;
    }

    private void collect(List<WaitView> views) {
        for (Wait wait : inOrder()) views.add(wait.view(name, env.nanoTime()));
        for (StateWord child : nested.values()) child.collect(views);
    }

    // As they were enlisted: they are many more times enlisted than looked at.
    private List<Wait> inOrder() {
        List<Map.Entry<Long, Wait>> all = new ArrayList<>(waits.entrySet());
        all.sort(Map.Entry.comparingByKey());
        return all.stream().map(Map.Entry::getValue).toList();
    }

    void track(TrackedLock lock) {
        locks.add(lock);
    }

    /// The tracked locks of this word and of those nested in it.
    public List<TrackedLock> trackedLocks() {
        List<TrackedLock> all = new ArrayList<>(locks);
        for (StateWord child : nested.values()) all.addAll(child.trackedLocks());
        return all;
    }

    /// Throws if the calling thread holds a tracked lock other than `own`: it must not wait now.
    void refuseUnderLock(@Nullable ReentrantLock own, String resource) {
        for (StateWord each = this; each != null; each = each.parent) {
            for (TrackedLock lock : each.locks) {
                if (lock != own && lock.isHeldByCurrentThread()) {
                    throw new IllegalStateException(
                            "wait for " + resource + " under " + lock.asWaker());
                }
            }
        }
    }

    /// The name of the scope or component.
    public String name() {
        return name;
    }

    /// The present state.
    public State state() {
        return stateOf(word.get());
    }

    /// The present level of this word alone.
    public Level level() {
        return levelOf(word.get());
    }

    /// One more than the number of resumes so far.
    public long epoch() {
        return epochOf(word.get());
    }

    /// The word that this one is nested in.
    public @Nullable StateWord parent() {
        return parent;
    }

    /// True if any word around this one is in a state beyond `last`.
    public boolean isOuterBeyond(State last) {
        for (StateWord outer = parent; outer != null; outer = outer.parent) {
            if (0 < outer.state().compareTo(last)) return true;
        }
        return false;
    }

    /// True if this word is `outer` or nested in it, at any depth.
    public boolean isWithin(StateWord outer) {
        for (StateWord each = this; each != null; each = each.parent) {
            if (each == outer) return true;
        }
        return false;
    }

    Env env() {
        return env;
    }

    /// This word's own level as a token of `epoch` reads it: a token of an earlier epoch stays
    /// cancelled.
    Level levelIn(long epoch) {
        long seen = word.get();
        if (epochOf(seen) == epoch) return levelOf(seen);
        return epoch <= abortedEpoch ? Level.ABORT : levelOf(seen).max(Level.DRAIN);
    }

    long enlist(Wait wait) {
        long id = ids.incrementAndGet();
        waits.put(id, wait);
        return id;
    }

    void delist(long id) {
        waits.remove(id);
    }

    private static long pack(long epoch, State state, Level level) {
        return epoch << EPOCH_SHIFT | (long) state.ordinal() << STATE_SHIFT | level.ordinal();
    }

    private static long epochOf(long word) {
        return word >>> EPOCH_SHIFT;
    }

    private static State stateOf(long word) {
        return STATES[(int) (word >>> STATE_SHIFT) & BYTE];
    }

    private static Level levelOf(long word) {
        return LEVELS[(int) word & BYTE];
    }

    @Override
    public String toString() {
        long seen = word.get();
        return name + " " + stateOf(seen) + "/" + levelOf(seen) + " epoch " + epochOf(seen);
    }
}
