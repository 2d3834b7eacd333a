package dev.holdfast.format.section;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.codec.Compressor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.Crc32;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/// Appends sections to a growing file: compressed, sealed, with their checksum, in chunks. Not
/// thread-safe.
public final class SectionWriter implements AutoCloseable {
    // With its head within half a region of the smallest that G1 makes: what is larger has whole
    // regions to itself, and would take twice the memory that it counts as.
    private static final int CHUNK_BYTES = (512 << 10) - 64;
    private static final int FIRST_CHUNK_BYTES = 4 << 10;

    private final Compressor compressor;
    private final SectionSeal seal;
    private final CRC32 crc = new CRC32();
    private final List<Bytes> chunks = new ArrayList<>();
    private byte[] chunk = new byte[FIRST_CHUNK_BYTES];
    private int used;
    private long finished;

    public SectionWriter(Codec codec, SectionSeal seal) {
        compressor = new Compressor(codec);
        this.seal = seal;
    }

    /// Where the next section begins.
    public long position() {
        return finished + used;
    }

    /// Appends `[0, length)` of `payload`, compressed, sealed and with its checksum, and returns
    /// how many bytes that took.
    public long append(byte[] payload, int length) {
        int around = seal.headBytes() + seal.tailBytes() + Crc32.BYTES;
        makeRoom(Math.addExact(compressor.boundOf(length), around));
        int start = used;
        int end = compressor.compress(payload, length, chunk, start + seal.headBytes());
        end = seal.seal(chunk, start, end, position());
        crc.reset();
        crc.update(chunk, start, end - start);
        used = BigEndian.putU32(chunk, end, (int) crc.getValue());
        return used - start;
    }

    /// Appends what is small and made once, compressed, sealed and with its checksum, and returns
    /// how many bytes that took.
    public long append(Bytes payload) {
        return append(payload.toArray(), payload.length());
    }

    /// Appends bytes as they are.
    public void appendRaw(Bytes bytes) {
        makeRoom(bytes.length());
        bytes.copyTo(chunk, used);
        used += bytes.length();
    }

    /// Takes over all that `next` has, behind what is here. Nothing is sealed, as a seal tells
    /// where its section stands.
    public void append(SectionWriter next) {
        require(isInClear() && next.isInClear(), "sections that are sealed do not move");
        cut();
        chunks.addAll(next.chunks);
        chunk = next.chunk;
        used = next.used;
        finished += next.finished;
    }

    /// True if sections are not sealed.
    public boolean isInClear() {
        return seal.headBytes() == 0;
    }

    /// All that was appended.
    public List<Bytes> finish() {
        cut();
        return chunks;
    }

    private void makeRoom(int bytes) {
        if (bytes <= chunk.length - used) return;
        if (chunks.isEmpty() && used + (long) bytes <= CHUNK_BYTES) {
            chunk = Arrays.copyOf(chunk, Math.min(CHUNK_BYTES, Math.max(used + bytes, 4 * used)));
            return;
        }
        cut();
        chunk = new byte[Math.max(CHUNK_BYTES, bytes)];
    }

    private void cut() {
        if (0 < used) chunks.add(Bytes.wrap(chunk, 0, used));
        finished += used;
        used = 0;
    }

    @Override
    public void close() {
        compressor.close();
    }
}
