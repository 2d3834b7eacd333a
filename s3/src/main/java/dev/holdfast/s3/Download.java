package dev.holdfast.s3;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// A body that arrived whole, and the size of the object that it is of.
///
/// It must come at a tolerable speed: a body that drips is no answer.
record Download(Bytes bytes, long objectSize) {
    private static final int STEP = 65_536;

    private static final Pattern RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /// Reads the whole object.
    static Download whole(GetObjectResponse response, InputStream body, LongFunction<Deadline> time)
            throws IOException {
        Bytes bytes = exactly(response, body, time);
        return new Download(bytes, bytes.length());
    }

    /// Reads what the server took for the range that begins at `offset`.
    static Download range(
            GetObjectResponse response, InputStream body, LongFunction<Deadline> time, long offset)
            throws IOException {
        String said = response.contentRange();
        Matcher range = RANGE.matcher(said == null ? "" : said);
        if (!range.matches()) throw senseless("the answer to a range names none");
        long start = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        Bytes bytes = exactly(response, body, time);
        if (start != offset || last - start + 1 != bytes.length())
            throw senseless("another range was sent");
        return new Download(bytes, Long.parseLong(range.group(3)));
    }

    // Grows in steps, so that a length which is a lie costs nothing.
    private static Bytes exactly(
            GetObjectResponse response, InputStream body, LongFunction<Deadline> time)
            throws IOException {
        Long said = response.contentLength();
        if (said == null || response.eTag() == null)
            throw senseless("answer without a length or an etag");
        if (said < 0 || Integer.MAX_VALUE - 8 < said) throw senseless("object too large");
        int length = said.intValue();
        Deadline deadline = time.apply(length);
        byte[] bytes = new byte[Math.min(length, STEP)];
        for (int at = 0; at < length; ) {
            if (at == bytes.length)
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 4L * bytes.length));
            int count = body.read(bytes, at, bytes.length - at);
            if (count < 0) throw senseless("body cut short");
            if (deadline.isExpired()) throw senseless("body too slow");
            at += count;
        }
        return Bytes.wrap(bytes);
    }

    private static SdkClientException senseless(String what) {
        return SdkClientException.create(what);
    }
}
