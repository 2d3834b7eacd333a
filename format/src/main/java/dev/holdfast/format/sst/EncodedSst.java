package dev.holdfast.format.sst;

import dev.holdfast.base.Bytes;
import java.util.List;

/// A whole SST in pieces that follow each other, and the properties that the manifest copies.
public record EncodedSst(List<Bytes> chunks, long size, SstProperties properties) {
    public EncodedSst {
        chunks = List.copyOf(chunks);
    }

    /// The file in one array; for small ones.
    public Bytes joined() {
        if (chunks.size() == 1) return chunks.getFirst();
        byte[] whole = new byte[Math.toIntExact(size)];
        int at = 0;
        for (Bytes chunk : chunks) {
            chunk.copyTo(whole, at);
            at += chunk.length();
        }
        return Bytes.wrap(whole);
    }
}
