package dev.holdfast.s3;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;

/// The concatenation of runs of bytes, sent without being joined. Immutable.
record PartsBody(List<Bytes> runs, long length) {
    static PartsBody of(List<Bytes> runs) {
        List<Bytes> kept = runs.stream().filter(run -> !run.isEmpty()).toList();
        return new PartsBody(kept, kept.stream().mapToLong(Bytes::length).sum());
    }

    /// The bytes `[start, end)`.
    PartsBody slice(long start, long end) {
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

    /// As the SDK takes it; it may be read more than once.
    RequestBody toRequest() {
        return RequestBody.fromContentProvider(this::stream, length, "application/octet-stream");
    }

    private InputStream stream() {
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
