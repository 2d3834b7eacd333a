package dev.holdfast.app.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Input that knows how much of it was read.
public final class CountedInput extends FilterInputStream {
    private long count;

    public CountedInput(InputStream in) {
        super(in);
    }

    /// How many bytes were read.
    public long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (0 <= next) count++;
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int some = super.read(bytes, offset, length);
        if (0 < some) count += some;
        return some;
    }
}
