package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.resp.ReplyWriter.Truth;
import java.util.List;

/// An answer, which writes itself. Immutable; compared by value.
public sealed interface Reply {
    /// `OK`.
    Reply OK = new Simple("OK");

    /// No value.
    Reply NULL = new Null();

    /// No array.
    Reply NULL_ARRAY = new NullArray();

    /// A string of no bytes.
    Reply EMPTY_BULK = new Bulk(Bytes.EMPTY);

    /// An array of nothing.
    Reply EMPTY_ARRAY = new Array(List.of());

    /// No answer at all, not even an empty one.
    Reply NONE = new Silence();

    /// Zero.
    Reply ZERO = new Whole(0);

    /// One.
    Reply ONE = new Whole(1);

    /// About how much memory an answer takes beside its bytes.
    long HELD_BYTES = 64;

    /// Writes the answer in the version that `out` stands at.
    void writeTo(ReplyWriter out);

    /// About how much memory the answer takes.
    default long heldBytes() {
        return HELD_BYTES;
    }

    /// A line of text.
    static Reply simple(String text) {
        return new Simple(text);
    }

    /// An error: code, blank, text.
    static Reply error(String text) {
        return new Failure(text);
    }

    /// An integer.
    static Reply integer(long value) {
        return value == 0 ? ZERO : value == 1 ? ONE : new Whole(value);
    }

    /// A string of bytes.
    static Reply bulk(Bytes value) {
        return new Bulk(value);
    }

    /// A string of characters.
    static Reply bulk(String text) {
        return new Bulk(Bytes.utf8(text));
    }

    /// Answers in a row.
    static Reply array(List<Reply> elements) {
        return new Array(elements);
    }

    /// Answers in a row.
    static Reply array(Reply... elements) {
        return new Array(List.of(elements));
    }

    /// Keys and values in turn; an array of both in RESP2.
    static Reply map(List<Reply> keysAndValues) {
        return new Pairs(keysAndValues);
    }

    /// Answers without order; an array in RESP2.
    static Reply set(List<Reply> elements) {
        return new Unordered(elements);
    }

    /// Names and what belongs to them, in turn; an array of arrays of two in RESP2.
    static Reply dictionary(List<Reply> namesAndValues) {
        return new Dictionary(namesAndValues);
    }

    /// A message that nobody asked for; an array in RESP2.
    static Reply push(List<Reply> elements) {
        return new Push(elements);
    }

    /// A floating-point number; a bulk in RESP2.
    static Reply real(double value) {
        return new Real(value);
    }

    /// A number in decimal, already as text; a bulk in RESP2.
    static Reply decimal(String text) {
        return new Decimal(text);
    }

    /// Answers two by two: an array of arrays of two; in RESP2 one flat array.
    static Reply couples(List<Reply> inTurn) {
        return new Couples(inTurn);
    }

    /// Yes or no; one or zero in RESP2.
    static Reply truth(Truth value) {
        return new Truthful(value);
    }

    /// A text for people; a bulk in RESP2.
    static Reply verbatim(String text) {
        return new Verbatim(text);
    }

    /// A text of some `format` of three letters; a bulk in RESP2.
    static Reply verbatim(String format, Bytes text) {
        return new Formatted(format, text);
    }

    /// A whole number of any size, as text; a bulk in RESP2.
    static Reply bigNumber(String digits) {
        return new BigNumber(digits);
    }

    /// A line of text.
    record Simple(String text) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.simple(text);
        }
    }

    /// An error.
    record Failure(String text) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.error(text);
        }
    }

    /// An integer.
    record Whole(long value) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.integer(value);
        }
    }

    /// A string of bytes.
    record Bulk(Bytes value) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.bulk(value);
        }

        @Override
        public long heldBytes() {
            return HELD_BYTES + value.length();
        }
    }

    /// No answer at all.
    record Silence() implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {}
    }

    /// No value.
    record Null() implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.nullBulk();
        }
    }

    /// No array.
    record NullArray() implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.nullArray();
        }
    }

    /// Answers in a row.
    record Array(List<Reply> elements) implements Reply {
        public Array {
            elements = List.copyOf(elements);
        }

        @Override
        public void writeTo(ReplyWriter out) {
            out.array(elements.size());
            for (Reply element : elements) element.writeTo(out);
        }

        @Override
        public long heldBytes() {
            long held = HELD_BYTES;
            for (Reply element : elements) held += element.heldBytes();
            return held;
        }
    }

    /// Keys and values in turn.
    record Pairs(List<Reply> keysAndValues) implements Reply {
        public Pairs {
            keysAndValues = List.copyOf(keysAndValues);
        }

        @Override
        public void writeTo(ReplyWriter out) {
            out.map(keysAndValues.size() / 2);
            for (Reply part : keysAndValues) part.writeTo(out);
        }
    }

    /// Answers without order.
    record Unordered(List<Reply> elements) implements Reply {
        public Unordered {
            elements = List.copyOf(elements);
        }

        @Override
        public void writeTo(ReplyWriter out) {
            out.set(elements.size());
            for (Reply element : elements) element.writeTo(out);
        }
    }

    /// Names and what belongs to them, in turn.
    record Dictionary(List<Reply> namesAndValues) implements Reply {
        public Dictionary {
            namesAndValues = List.copyOf(namesAndValues);
        }

        @Override
        public void writeTo(ReplyWriter out) {
            boolean isMap = out.protocol() == Protocol.RESP3;
            if (isMap) out.map(namesAndValues.size() / 2);
            else out.array(namesAndValues.size() / 2);
            for (int i = 0; i < namesAndValues.size(); i++) {
                if (!isMap && i % 2 == 0) out.array(2);
                namesAndValues.get(i).writeTo(out);
            }
        }
    }

    /// A message that nobody asked for.
    record Push(List<Reply> elements) implements Reply {
        public Push {
            elements = List.copyOf(elements);
        }

        @Override
        public void writeTo(ReplyWriter out) {
            out.push(elements.size());
            for (Reply element : elements) element.writeTo(out);
        }
    }

    /// A floating-point number.
    record Real(double value) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.real(value);
        }
    }

    /// A number in decimal.
    record Decimal(String text) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.decimal(text);
        }
    }

    /// Answers two by two.
    record Couples(List<Reply> inTurn) implements Reply {
        public Couples {
            inTurn = List.copyOf(inTurn);
        }

        @Override
        public void writeTo(ReplyWriter out) {
            boolean isNested = out.protocol() == Protocol.RESP3;
            out.array(isNested ? inTurn.size() / 2 : inTurn.size());
            for (int i = 0; i < inTurn.size(); i++) {
                if (isNested && i % 2 == 0) out.array(2);
                inTurn.get(i).writeTo(out);
            }
        }
    }

    /// Yes or no.
    record Truthful(Truth value) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.truth(value);
        }
    }

    /// A text for people.
    record Verbatim(String text) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.verbatim(text);
        }
    }

    /// A text of some format.
    record Formatted(String format, Bytes text) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.verbatim(format, text);
        }
    }

    /// A whole number of any size.
    record BigNumber(String digits) implements Reply {
        @Override
        public void writeTo(ReplyWriter out) {
            out.bigNumber(digits);
        }
    }
}
