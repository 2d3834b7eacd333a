package dev.holdfast.app.console;

import dev.holdfast.base.Bytes;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Where a verb writes its results, buffered until [#close]. Not thread-safe.
public final class Output implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What is thrown says so when the reader of standard output has gone away.
    public static final String READER_GONE = "standard output is closed";

    private final OutputStream results;

    public Output(OutputStream results) {
        this.results = new BufferedOutputStream(results, 1 << 16);
    }

    /// The process's own.
    public static Output standard() {
        return new Output(new Checked(System.out));
    }

    /// One line of results.
    public void line(String text) {
        bytes(Bytes.utf8(text + "\n"));
    }

    /// One line of results, as a JSON object.
    public void json(Map<String, ?> object) {
        line(JSON.writeValueAsString(object));
    }

    /// Results as they are.
    public void bytes(Bytes raw) {
        try {
            results.write(raw.array(), raw.offset(), raw.length());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Has whoever reads get what was written so far.
    public void flush() {
        try {
            results.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A line on standard error, for the person who watches.
    public static void remark(String text) {
        System.err.println("holdfast: " + text);
    }

    /// Adds `bytes` to `object` as text under `name`, or where they are not UTF-8 as base 64 under
    /// `name` and `64`.
    public static void put(Map<String, Object> object, String name, Bytes bytes) {
        String text = Escapes.utf8OrNull(bytes);
        if (text != null) object.put(name, text);
        else
            object.put(
                    name + "64",
                    new String(
                            Base64.getEncoder().encode(bytes.toArray()),
                            StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        flush();
    }

    /// Standard output, but an error is an exception: a reader that has gone away is noticed.
    private static final class Checked extends FilterOutputStream {
        private final PrintStream checked;

        Checked(PrintStream checked) {
            super(checked);
            this.checked = checked;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            checked.write(bytes, offset, length);
            flush();
        }

        @Override
        public void flush() throws IOException {
            if (checked.checkError()) throw new IOException(READER_GONE);
        }
    }
}
