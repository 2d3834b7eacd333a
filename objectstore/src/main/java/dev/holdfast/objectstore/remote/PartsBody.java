package dev.holdfast.objectstore.remote;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The concatenation of runs of bytes, sent without being joined. Immutable.
public record PartsBody(List<Bytes> runs, long length) {
    public static PartsBody of(List<Bytes> runs) {
        List<Bytes> kept = runs.stream().filter(run -> !run.isEmpty()).toList();
        return new PartsBody(kept, kept.stream().mapToLong(Bytes::length).sum());
    }

    /// The bytes `[start, end)`.
    public PartsBody slice(long start, long end) {
        List<Bytes> within = new ArrayList<>();
        long at = 0;
        for (Bytes run : runs) {
            long from = Math.max(0, start - at);
            long to = Math.min(run.length(), end - at);
            if (from < to) within.add(run.slice((int) from, (int) to));
            at += run.length();
        }
        return PartsBody.of(within);
    }

    /// All of it, from the start; as often as it is asked for.
    public InputStream stream() {
        return new SequenceInputStream(
                Collections.enumeration(
                        runs.stream()
                                .map(run ->
                                        (InputStream)
                                                new ByteArrayInputStream(
                                                        run.array(), run.offset(), run.length()))
                                .toList()));
    }
}
