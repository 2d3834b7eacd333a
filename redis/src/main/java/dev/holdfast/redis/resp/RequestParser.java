package dev.holdfast.redis.resp;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests out of bytes that come in pieces of any size. Not thread-safe.
///
/// Words are slices of the pieces themselves where a request lies within one piece. Memory follows
/// what has arrived, never what a length announces.
public final class RequestParser {
    private static final int WORDS_EXPECTED_MAX = 64;

    private final RequestLimits limits;
    private boolean isTrusted;

    private byte[] buffer = new byte[0];
    private int position;
    private int limit;
    private boolean isOwned; // the rest of the buffer behind limit is ours to fill
    private int scanned; // no line end before this place

    private List<Bytes> words = List.of();
    private int wordsMissing;
    private int bulkLength = -1;
    private long requestBytes;

    public RequestParser(RequestLimits limits) {
        this.limits = limits;
    }

    /// Lifts the narrow limits of those who have not said who they are.
    public void trust() {
        isTrusted = true;
    }

    /// Brings the narrow limits back.
    public void distrust() {
        isTrusted = false;
    }

    /// How many bytes are held: of requests not yet returned.
    public long buffered() {
        return limit - position + requestBytes;
    }

    /// True if a request has begun and not yet ended.
    public boolean isInsideRequest() {
        return position < limit || 0 < wordsMissing;
    }

    /// Takes the next bytes, which must not change afterwards.
    public void feed(Bytes piece) {
        int waiting = limit - position;
        if (waiting == 0) {
            buffer = piece.array();
            position = piece.offset();
            limit = position + piece.length();
            isOwned = false;
        } else {
            if (!isOwned || buffer.length - limit < piece.length()) grow(waiting, piece.length());
            piece.copyTo(buffer, limit);
            limit += piece.length();
        }
        scanned = Math.max(scanned, position);
        if (waiting == 0) scanned = position;
    }

    /// The words of the next request, or null if it has not come whole. Never empty.
    public @Nullable List<Bytes> next() throws ProtocolViolation {
        while (wordsMissing == 0) {
            if (position == limit) return null;
            if (buffer[position] != '*') {
                int end = lineEnd('\n', "too big inline request");
                if (end < 0) return null;
                List<Bytes> inline = inline(end);
                if (!inline.isEmpty()) return inline;
            } else if (!startRequest()) return null;
        }
        while (0 < wordsMissing) {
            if (bulkLength < 0 && !startWord()) return null;
            if (limit - position < bulkLength + 2) return null;
            words.add(Bytes.wrap(buffer, position, bulkLength));
            skipTo(position + bulkLength + 2);
            requestBytes += bulkLength;
            bulkLength = -1;
            wordsMissing--;
        }
        List<Bytes> complete = words;
        words = List.of();
        requestBytes = 0;
        return complete;
    }

    private List<Bytes> inline(int end) throws ProtocolViolation {
        int textEnd = position < end && buffer[end - 1] == '\r' ? end - 1 : end;
        List<Bytes> split = InlineWords.split(buffer, position, textEnd);
        if (split == null) throw new ProtocolViolation("unbalanced quotes in request");
        skipTo(end + 1);
        return split;
    }

    private boolean startRequest() throws ProtocolViolation {
        int end = lineEnd('\r', "too big mbulk count string");
        if (end < 0 || limit <= end + 1) return false;
        long count = number(position + 1, end);
        if (limits.wordsMax() < count) throw new ProtocolViolation("invalid multibulk length");
        if (!isTrusted && RequestLimits.STRANGER_WORDS_MAX < count)
            throw new ProtocolViolation("unauthenticated multibulk length");
        if (count == Long.MIN_VALUE) throw new ProtocolViolation("invalid multibulk length");
        skipTo(end + 2);
        if (count <= 0) return true;
        wordsMissing = (int) count;
        words = new ArrayList<>(Math.min(wordsMissing, WORDS_EXPECTED_MAX));
        return true;
    }

    private boolean startWord() throws ProtocolViolation {
        int end = lineEnd('\r', "too big bulk count string");
        if (end < 0 || limit <= end + 1) return false;
        if (buffer[position] != '$')
            throw new ProtocolViolation(
                    "expected '$', got '" + (char) (buffer[position] & 0xff) + "'");
        long length = number(position + 1, end);
        if (length < 0 || limits.bulkMax() < length)
            throw new ProtocolViolation("invalid bulk length");
        if (!isTrusted && RequestLimits.STRANGER_BULK_MAX < length)
            throw new ProtocolViolation("unauthenticated bulk length");
        if (limits.requestMax() < requestBytes + length)
            throw new ProtocolViolation("too big request");
        skipTo(end + 2);
        bulkLength = (int) length;
        return true;
    }

    // The place of the next `mark`, or -1 if it has not come.
    private int lineEnd(char mark, String complaint) throws ProtocolViolation {
        int at = Math.max(scanned, position);
        while (at < limit && buffer[at] != mark) at++;
        scanned = at;
        if (at < limit && at - position <= limits.lineMax()) return at;
        if (limits.lineMax() < at - position) throw new ProtocolViolation(complaint);
        return -1;
    }

    // A signed number in its canonical form; Long.MIN_VALUE if it is none.
    private long number(int start, int end) {
        boolean negative = start < end && buffer[start] == '-';
        int first = negative ? start + 1 : start;
        if (end <= first || first + 10 < end) return Long.MIN_VALUE;
        if (buffer[first] == '0' && first + 1 < end) return Long.MIN_VALUE;
        long value = 0;
        for (int i = first; i < end; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || 9 < digit) return Long.MIN_VALUE;
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    private void skipTo(int place) {
        position = place;
        scanned = place;
    }

    // Doubles, so that a word that comes in many pieces is copied about once; but not beyond the
    // word.
    private void grow(int waiting, int more) {
        int needed = waiting + more;
        long doubled = 2L * needed;
        if (0 <= bulkLength) doubled = Math.min(doubled, Math.max(needed, bulkLength + 2L));
        byte[] grown = new byte[(int) Math.min(Integer.MAX_VALUE - 8L, doubled)];
        System.arraycopy(buffer, position, grown, 0, waiting);
        scanned = Math.max(0, scanned - position);
        buffer = grown;
        position = 0;
        limit = waiting;
        isOwned = true;
    }
}
