package dev.holdfast.simulation.disk;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A file that a process has open.
final class LinkFile implements DiskFile {
    private final SimulatedDisk disk;
    private final DiskLink link;
    private final Path path;
    private final Content content;
    private final OpenMode mode;
    private boolean isClosed;

    LinkFile(SimulatedDisk disk, DiskLink link, Path path, Content content, OpenMode mode) {
        this.disk = disk;
        this.link = link;
        this.path = path;
        this.content = content;
        this.mode = mode;
    }

    private void call(String what) throws DiskException {
        link.call(what, path);
        if (isClosed) throw new DiskException.Failed("Closed", null);
    }

    private void callToWrite(String what) throws DiskException {
        call(what);
        if (mode == OpenMode.READ) throw new IllegalStateException("opened to read: " + path);
    }

    @Override
    public int read(ByteBuffer target, long position) throws DiskException {
        call("read");
        if (disk.strikes(DiskFault.READ_FAILS)) throw SimulatedDisk.broken();
        if (content.size() <= position) return 0;
        int from = (int) position;
        byte[] bytes = content.read(from, from + target.remaining());
        if (0 < bytes.length) spoil(bytes, from);
        target.put(bytes);
        return bytes.length;
    }

    private void spoil(byte[] bytes, int from) {
        Luck luck = disk.luck();
        int sector = (from + luck.below(bytes.length)) / disk.sectorBytes();
        if (disk.strikes(DiskFault.STALE_SECTOR))
            replace(bytes, from, sector, content.stale(sector));
        if (disk.strikes(DiskFault.MISDIRECTED_SECTOR)) {
            List<Content> files = List.copyOf(disk.names().files());
            Content other = files.isEmpty() ? content : files.get(luck.below(files.size()));
            byte[] wrong = other.sector(luck.below(1 + other.size() / disk.sectorBytes()));
            if (wrong != null) replace(bytes, from, sector, wrong);
        }
        if (disk.strikes(DiskFault.BIT_FLIP))
            bytes[luck.below(bytes.length)] ^= (byte) (1 << luck.below(Byte.SIZE));
    }

    private void replace(byte[] bytes, int from, int sector, byte[] wrong) {
        int start = sector * disk.sectorBytes();
        for (int i = 0; i < wrong.length; i++) {
            int at = start + i - from;
            if (0 <= at && at < bytes.length) bytes[at] = wrong[i];
        }
    }

    @Override
    public void write(List<Bytes> parts, long position) throws DiskException {
        callToWrite("write");
        Bytes all = joined(parts);
        int length = all.length();
        boolean fails = disk.strikes(DiskFault.WRITE_FAILS);
        if (fails) length = disk.luck().below(1 + length);
        long growth = position + length - content.size();
        long free = disk.freeBytes();
        boolean isFull = free < growth;
        if (isFull) length = (int) Math.max(0, length - (growth - free));
        content.write(all.toArray(), length, Math.toIntExact(position), disk.nowMillis());
        content.perhapsWriteEarly(disk.luck());
        if (fails) throw SimulatedDisk.broken();
        if (isFull) disk.luck().count(DiskFault.FULL);
        if (isFull) throw new DiskException.Full("No space left on device", null);
        call("written");
    }

    private static Bytes joined(List<Bytes> parts) {
        int length = parts.stream().mapToInt(Bytes::length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (Bytes part : parts) all.put(part.array(), part.offset(), part.length());
        return Bytes.wrap(all.array());
    }

    @Override
    public long size() throws DiskException {
        call("size");
        return content.size();
    }

    @Override
    public void truncate(long size) throws DiskException {
        callToWrite("truncate");
        content.truncate(Math.toIntExact(Math.min(size, content.size())), disk.nowMillis());
    }

    @Override
    public void preallocate(long size) throws DiskException {
        long there = size();
        if (there < size) write(List.of(Bytes.wrap(new byte[(int) (size - there)])), there);
    }

    @Override
    public void force(Force what) throws DiskException {
        call("force");
        disk.travelToPlatter();
        if (disk.strikes(DiskFault.FORCE_FAILS)) {
            content.failForce(disk.luck());
            throw SimulatedDisk.broken();
        }
        content.force();
        if (what == Force.METADATA) content.forceAttributes();
        link.call("forced", path);
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
