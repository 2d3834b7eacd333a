package dev.holdfast.azure;

import com.azure.storage.blob.models.BlobDownloadAsyncResponse;
import com.azure.storage.blob.models.BlobDownloadHeaders;
import dev.holdfast.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/// A body that arrived whole, and the size of the object that it is of.
record Download(Bytes bytes, long objectSize) {
    private static final int STEP = 65_536;

    private static final Pattern RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /// Takes in the whole object.
    static Wire.Arrival<Download> whole(BlobDownloadAsyncResponse response) {
        int length = length(response.getDeserializedHeaders());
        return new Wire.Arrival<>(
                body(response, length).map(bytes -> new Download(bytes, length)), length);
    }

    /// Takes in what the server took for the range that begins at `offset`.
    static Wire.Arrival<Download> range(BlobDownloadAsyncResponse response, long offset) {
        BlobDownloadHeaders headers = response.getDeserializedHeaders();
        int length = length(headers);
        String said = headers.getContentRange();
        Matcher range = RANGE.matcher(said == null ? "" : said);
        long start = range.matches() ? Long.parseLong(range.group(1)) : -1;
        if (start != offset || Long.parseLong(range.group(2)) - start + 1 != length) {
            return new Wire.Arrival<>(Mono.error(senseless("another range was sent")), 0);
        }
        long size = Long.parseLong(range.group(3));
        return new Wire.Arrival<>(
                body(response, length).map(bytes -> new Download(bytes, size)), length);
    }

    // Negative for an answer without a sensible length.
    private static int length(BlobDownloadHeaders headers) {
        Long said = headers.getContentLength();
        boolean isSensible =
                said != null
                        && 0 <= said
                        && said <= Integer.MAX_VALUE - 8
                        && headers.getETag() != null;
        return isSensible ? said.intValue() : -1;
    }

    private static Mono<Bytes> body(BlobDownloadAsyncResponse response, int length) {
        if (length < 0) return Mono.error(senseless("answer without a length or an etag"));
        return response.getValue().collect(() -> new Intake(length), Intake::add).map(Intake::all);
    }

    /// Bytes that come in pieces, up to as many as were announced.
    ///
    /// It grows in steps, so that a length which is a lie costs nothing. Not thread-safe.
    private static final class Intake {
        private final int length;
        private byte[] bytes;
        private int count;

        Intake(int length) {
            this.length = length;
            bytes = new byte[Math.min(length, STEP)];
        }

        void add(ByteBuffer piece) {
            int more = piece.remaining();
            if (length - count < more) throw senseless("body longer than announced");
            if (bytes.length < count + more)
                bytes =
                        Arrays.copyOf(
                                bytes, (int) Math.min(length, Math.max(count + more, 4L * count)));
            piece.get(bytes, count, more);
            count += more;
        }

        Bytes all() {
            if (count < length) throw senseless("body cut short");
            return Bytes.wrap(bytes);
        }
    }

    private static UncheckedIOException senseless(String what) {
        return new UncheckedIOException(new IOException(what));
    }
}
