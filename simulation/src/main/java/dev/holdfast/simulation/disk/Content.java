package dev.holdfast.simulation.disk;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The bytes and attributes of a file, twice: as every process of the machine sees them, and as
/// they are on the platter.
///
/// Invariant: a sector that is not dirty is the same in both, unless a failed force has dropped it.
final class Content implements Inode {
    private static final int WRITTEN_EARLY_OF = 8;

    private final int sectorBytes;
    private final Map<Integer, byte[]> overwritten = new HashMap<>(); // for stale reads
    private byte[] seen = new byte[0];
    private int size;
    private Map<String, String> attributes = new TreeMap<>();
    private long modifiedMillis;

    private byte[] platter = new byte[0];
    private int platterSize;
    private Map<String, String> platterAttributes = new TreeMap<>();
    private final BitSet dirty = new BitSet();

    Content(int sectorBytes) {
        this.sectorBytes = sectorBytes;
    }

    int size() {
        return size;
    }

    long modifiedMillis() {
        return modifiedMillis;
    }

    Map<String, String> attributes() {
        return attributes;
    }

    byte[] read(int from, int to) {
        return Arrays.copyOfRange(seen, from, Math.max(from, Math.min(to, size)));
    }

    void write(byte[] bytes, int length, int at, long nowMillis) {
        int end = at + length;
        if (seen.length < end) seen = Arrays.copyOf(seen, Math.max(end, 2 * seen.length));
        System.arraycopy(bytes, 0, seen, at, length);
        if (0 < length) markDirty(Math.min(at, size), end); // what it skips reads as zeros
        size = Math.max(size, end);
        modifiedMillis = nowMillis;
    }

    void truncate(int to, long nowMillis) {
        if (size <= to) return;
        Arrays.fill(seen, to, size, (byte) 0);
        size = to;
        dirty.clear(sectorsOf(to), Math.max(sectorsOf(to), dirty.length()));
        if (to % sectorBytes != 0) dirty.set(to / sectorBytes);
        modifiedMillis = nowMillis;
    }

    private void markDirty(int from, int to) {
        dirty.set(from / sectorBytes, sectorsOf(to));
    }

    private int sectorsOf(int bytes) {
        return (bytes + sectorBytes - 1) / sectorBytes;
    }

    /// Caches are written out whenever it pleases them, in any order.
    void perhapsWriteEarly(Luck luck) {
        if (dirty.isEmpty() || luck.below(WRITTEN_EARLY_OF) != 0) return;
        int sector = dirty.nextSetBit(luck.below(dirty.length()));
        writeOut(sector);
        dirty.clear(sector);
    }

    private void writeOut(int sector) {
        int start = sector * sectorBytes;
        int end = start + sectorBytes;
        if (platter.length < end) platter = Arrays.copyOf(platter, 2 * end);
        overwritten.put(sector, Arrays.copyOfRange(platter, start, end));
        Arrays.fill(platter, start, end, (byte) 0);
        int there = Math.min(end, seen.length) - start;
        if (0 < there) System.arraycopy(seen, start, platter, start, there);
    }

    void force() {
        dirty.stream().forEach(this::writeOut);
        dirty.clear();
        if (size < platterSize && size < platter.length)
            Arrays.fill(platter, size, platter.length, (byte) 0);
        platterSize = size;
    }

    void forceAttributes() {
        platterAttributes = new TreeMap<>(attributes);
    }

    /// Some sectors are written. The others count as written too; some of them are dropped from the
    /// cache at once, so that what was there before is read again.
    void failForce(Luck luck) {
        for (int sector = dirty.nextSetBit(0); 0 <= sector; sector = dirty.nextSetBit(sector + 1)) {
            if (luck.coin()) writeOut(sector);
            else if (luck.coin()) forget(sector);
        }
        dirty.clear();
        if (luck.coin()) platterSize = size;
    }

    private void forget(int sector) {
        int start = sector * sectorBytes;
        int end = Math.min(start + sectorBytes, size);
        for (int at = start; at < end; at++) seen[at] = at < platter.length ? platter[at] : 0;
    }

    /// From now on everybody sees what is on the platter, and what `keeping` leaves besides.
    void cutPower(Keeping keeping, Luck luck) {
        BitSet kept = new BitSet();
        dirty.stream().filter(_ -> keeping.keeps(luck)).forEach(kept::set);
        int sizeLeft = size == platterSize || keeping.keeps(luck) ? size : platterSize;
        count(kept, sizeLeft, luck);
        kept.stream().forEach(this::writeOut);
        dirty.clear();
        platterSize = sizeLeft;
        platter = Arrays.copyOf(platter, platterSize); // what lies beyond is nobody's
        seen = platter.clone();
        size = platterSize;
        if (!attributes.equals(platterAttributes)) cutAttributes(keeping, luck);
    }

    private void cutAttributes(Keeping keeping, Luck luck) {
        if (keeping.keeps(luck)) platterAttributes = new TreeMap<>(attributes);
        else luck.count(DiskFault.ATTRIBUTE_LOST);
        attributes = new TreeMap<>(platterAttributes);
    }

    private void count(BitSet kept, int sizeLeft, Luck luck) {
        int lost = dirty.cardinality() - kept.cardinality();
        if (lost == 0 && sizeLeft == size) return;
        luck.count(DiskFault.BYTES_LOST);
        if (0 < lost && !kept.isEmpty()) luck.count(DiskFault.BYTES_TORN);
        BitSet gone = (BitSet) dirty.clone();
        gone.andNot(kept);
        if (sizeLeft == size && 0 < lost && gone.nextSetBit(0) < kept.length() - 1)
            luck.count(DiskFault.HOLE);
    }

    /// A sector as it was before it was last written.
    byte[] stale(int sector) {
        byte[] before = overwritten.get(sector);
        return before == null ? new byte[sectorBytes] : before;
    }

    /// A sector as it is seen; null beyond the end.
    byte @Nullable [] sector(int sector) {
        int start = sector * sectorBytes;
        return size <= start ? null : Arrays.copyOfRange(seen, start, start + sectorBytes);
    }
}
