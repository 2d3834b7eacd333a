package dev.holdfast.s3;

import dev.holdfast.base.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// A body that arrived whole, and the size of the object that it is of.
record Download(Bytes bytes, long objectSize) {
    private static final Pattern RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /// Reads the whole object.
    static Download whole(GetObjectResponse response, InputStream body) throws IOException {
        Bytes bytes = exactly(response, body);
        return new Download(bytes, bytes.length());
    }

    /// Reads what the server took for the range that begins at `offset`.
    static Download range(GetObjectResponse response, InputStream body, long offset)
            throws IOException {
        String said = response.contentRange();
        Matcher range = RANGE.matcher(said == null ? "" : said);
        if (!range.matches()) throw senseless("the answer to a range names none");
        long start = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        Bytes bytes = exactly(response, body);
        if (start != offset || last - start + 1 != bytes.length())
            throw senseless("another range was sent");
        return new Download(bytes, Long.parseLong(range.group(3)));
    }

    // Reads in steps, so that a length which is a lie costs nothing.
    private static Bytes exactly(GetObjectResponse response, InputStream body) throws IOException {
        Long length = response.contentLength();
        if (length == null || response.eTag() == null)
            throw senseless("answer without a length or an etag");
        if (length < 0 || Integer.MAX_VALUE - 8 < length) throw senseless("object too large");
        byte[] bytes = body.readNBytes(length.intValue());
        if (bytes.length < length) throw senseless("body cut short");
        return Bytes.wrap(bytes);
    }

    private static SdkClientException senseless(String what) {
        return SdkClientException.create(what);
    }
}
