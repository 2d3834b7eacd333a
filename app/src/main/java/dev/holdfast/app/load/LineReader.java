package dev.holdfast.app.load;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads lines as bytes, each at most so long. Not thread-safe.
///
/// A line ends at a line feed, with or without a carriage return before it, or at the end of input.
public final class LineReader {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final int lineBytesMax;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private long bytesRead;
    private boolean isCut;

    public LineReader(InputStream in, int lineBytesMax) {
        this.in = in;
        this.lineBytesMax = lineBytesMax;
    }

    /// The next line, or null at the end of input. Of a line that is too long only the beginning
    /// comes back: see [#isCut].
    public @Nullable Bytes next() throws IOException {
        isCut = false;
        if (next == end && !fill()) return null;
        int lineEnd = lineEndFrom(next);
        if (lineEnd < end) {
            Bytes line = Bytes.wrap(Arrays.copyOfRange(buffer, next, lineEnd));
            next = lineEnd + 1;
            return withoutReturn(limited(line));
        }
        return withoutReturn(gathered());
    }

    /// True if the last line was longer than allowed.
    public boolean isCut() {
        return isCut;
    }

    /// How many bytes were taken from the input.
    public long bytesRead() {
        return bytesRead - (end - next);
    }

    // A line that goes beyond the buffer.
    private Bytes gathered() throws IOException {
        var line = new ByteArrayOutputStream();
        do {
            int lineEnd = lineEndFrom(next);
            int taken = Math.min(lineEnd - next, lineBytesMax - line.size());
            line.write(buffer, next, taken);
            isCut |= taken < lineEnd - next;
            next = Math.min(lineEnd + 1, end);
            if (lineEnd < end) break;
        } while (fill());
        return Bytes.wrap(line.toByteArray());
    }

    private Bytes limited(Bytes line) {
        isCut = lineBytesMax < line.length();
        return isCut ? line.slice(0, lineBytesMax) : line;
    }

    private static Bytes withoutReturn(Bytes line) {
        boolean hasReturn = !line.isEmpty() && line.at(line.length() - 1) == '\r';
        return hasReturn ? line.slice(0, line.length() - 1) : line;
    }

    private int lineEndFrom(int at) {
        while (at < end && buffer[at] != '\n') at++;
        return at;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        bytesRead += end;
        return 0 < end;
    }
}
