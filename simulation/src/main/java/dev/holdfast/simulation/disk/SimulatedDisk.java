package dev.holdfast.simulation.disk;

import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The disk of a machine, which outlasts the processes that run on it.
///
/// A node stands for a process: killed, it leaves the machine's caches as they are, so the next
/// process sees all that was written. [#cutPower] ends every process and the caches with them: of
/// what was not forced each sector, size, attribute and name is kept or lost by itself.
///
/// All that goes wrong is drawn from the simulation's seed, at the rates of [DiskFaults], and
/// counted when it strikes, here and as `disk <fault>` among what the run [Simulation#reached].
/// Every call is traced, takes its time, and is a point at which others run and at which its
/// process can die.
public final class SimulatedDisk {
    private static final Duration CALL_MAX = Duration.ofNanos(20_000);
    private static final Duration FORCE_MAX = Duration.ofMillis(4);
    private static final Duration FORCE_SLOW_MAX = Duration.ofSeconds(8);

    private final Simulation simulation;
    private final Env env;
    private final Luck luck;
    private final Names names = new Names();
    private final Map<Path, LinkLock> locks = new TreeMap<>();
    private final List<Node> processes = new ArrayList<>();
    private DiskFaults faults;

    public SimulatedDisk(Simulation simulation, DiskFaults faults) {
        this.simulation = simulation;
        this.faults = faults;
        env = simulation.world();
        luck = new Luck(simulation);
    }

    /// The disk as the process `node` sees it.
    public Disk connect(Node node) {
        return connect(node, Long.MAX_VALUE);
    }

    /// The disk as a process sees it that dies at its nth call, counted from 0, before the call
    /// does anything.
    public Disk connect(Node node, long deathAt) {
        processes.add(node);
        return new DiskLink(this, node, deathAt);
    }

    /// Ends every process at this very point, and all that was not forced with them.
    public void cutPower() {
        processes.forEach(Node::kill);
        processes.clear();
        locks.clear();
        names.cutPower(luck);
        simulation.trace("power cut");
    }

    /// Goes wrong in other ways from the next call on. The size of sectors stays.
    public void follow(DiskFaults next) {
        faults = next.withSector(faults.sectorBytes());
    }

    /// How often each class of faults struck; a class that never did is not named.
    public Map<DiskFault, Long> struck() {
        return Collections.unmodifiableMap(luck.struck());
    }

    /// How many bytes of files it holds.
    public long usedBytes() {
        return names.files().stream().mapToLong(Content::size).sum();
    }

    long freeBytes() {
        return faults.capacity() == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : Math.max(0, faults.capacity() - usedBytes());
    }

    /// One call's way to the disk: others run meanwhile.
    void travel(String what) {
        simulation.trace(what);
        pass(luck.upTo(CALL_MAX));
    }

    /// One force's time.
    void travelToPlatter() {
        boolean isSlow = luck.strikes(DiskFault.FORCE_SLOW, faults);
        pass(luck.upTo(isSlow ? FORCE_SLOW_MAX : FORCE_MAX));
    }

    /// A disk does not hear interrupts.
    private void pass(Duration duration) {
        long until = env.nanoTime() + duration.toNanos();
        boolean wasInterrupted = false;
        for (long left = until - env.nanoTime(); 0 < left; left = until - env.nanoTime()) {
            try {
                env.sleep(Duration.ofNanos(left));
            } catch (InterruptedException interrupted) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) Thread.currentThread().interrupt();
    }

    /// Fails if the machine does not allow it just now.
    void checkAllowed() throws DiskException {
        if (luck.strikes(DiskFault.REFUSED, faults))
            throw new DiskException.Refused("Permission denied", null);
    }

    boolean strikes(DiskFault fault) {
        return luck.strikes(fault, faults);
    }

    static DiskException.Failed broken() {
        return new DiskException.Failed("Input/output error", null);
    }

    Content freshContent() {
        return new Content(faults.sectorBytes());
    }

    int sectorBytes() {
        return faults.sectorBytes();
    }

    long nowMillis() {
        return env.currentTimeMillis();
    }

    Names names() {
        return names;
    }

    Map<Path, LinkLock> locks() {
        return locks;
    }

    Luck luck() {
        return luck;
    }
}
