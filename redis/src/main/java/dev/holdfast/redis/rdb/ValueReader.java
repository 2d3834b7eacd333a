package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbException.Damaged;
import dev.holdfast.redis.rdb.RdbPart.Element;
import dev.holdfast.redis.rdb.RdbPart.Field;
import dev.holdfast.redis.rdb.RdbPart.Piece;
import dev.holdfast.redis.rdb.RdbPart.Scored;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one value in any of its encodings, and tells it part by part.
///
/// Invariant: what is held is one element, or one packed string, and no more. Of a value of a
/// module nothing is told: it is read to its end, and then refused with `Unsupported`, so that
/// whoever wants to can go on behind it.
public final class ValueReader {
    private static final int CONTAINER_PLAIN = 1;
    private static final int CONTAINER_PACKED = 2;
    private static final int SCORE_NAN = 253;
    private static final int SCORE_MAX = 254;
    private static final int SCORE_MIN = 255;

    private final RdbInput in;
    private final Consumer<RdbPart> visitor;
    private long told;

    private ValueReader(RdbInput in, Consumer<RdbPart> visitor) {
        this.in = in;
        this.visitor = visitor;
    }

    /// Reads the value of `type` that comes next.
    public static void read(RdbInput in, RdbType type, Consumer<RdbPart> visitor) {
        long at = in.offset();
        var reader = new ValueReader(in, visitor);
        switch (type) {
            case MODULE_PRE_GA, MODULE_2 -> ModuleValue.refuse(in, type);
            case STREAM_LISTPACKS, STREAM_LISTPACKS_2, STREAM_LISTPACKS_3 ->
                    new StreamReader(in, type, visitor).read();
            default -> {
                reader.read(type);
                if (reader.told == 0) throw new Damaged("value without elements", at);
            }
        }
    }

    private void read(RdbType type) {
        switch (type) {
            case STRING -> in.pieces(piece -> tell(new Piece(piece)));
            case LIST, SET -> plain(() -> tell(new Element(in.string())));
            case ZSET -> plain(() -> tellScored(in.string(), textScore()));
            case ZSET_2 -> plain(() -> tellScored(in.string(), Double.longBitsToDouble(in.le64())));
            case HASH -> plain(() -> tell(new Field(in.string(), in.string())));
            case LIST_ZIPLIST -> elements(ziplist());
            case LIST_QUICKLIST -> plain(() -> elements(ziplist()));
            case LIST_QUICKLIST_2 -> plain(this::quicklistNode);
            case SET_INTSET -> elements(new Intset(packed()));
            case SET_LISTPACK -> elements(new Listpack(packed()));
            case HASH_ZIPMAP -> fields(listed(PackedElements.ofZipmap(packed())));
            case HASH_ZIPLIST -> fields(ziplist());
            case HASH_LISTPACK -> fields(new Listpack(packed()));
            case ZSET_ZIPLIST -> scores(ziplist());
            case ZSET_LISTPACK -> scores(new Listpack(packed()));
            case MODULE_PRE_GA,
                    MODULE_2,
                    STREAM_LISTPACKS,
                    STREAM_LISTPACKS_2,
                    STREAM_LISTPACKS_3 ->
                    throw new AssertionError(type);
        }
    }

    private void tell(RdbPart part) {
        told++;
        visitor.accept(part);
    }

    private void tellScored(Bytes member, double score) {
        if (Double.isNaN(score)) throw new Damaged("score is no number", in.offset());
        tell(new Scored(member, score));
    }

    private void plain(Runnable element) {
        long count = in.count();
        for (long i = 0; i < count; i++) element.run();
    }

    private void quicklistNode() {
        long at = in.offset();
        long container = in.length();
        if (container == CONTAINER_PLAIN) tell(new Element(in.string()));
        else if (container == CONTAINER_PACKED) elements(new Listpack(packed()));
        else throw new Damaged("list container unknown. container=`" + container + "`", at);
    }

    private double textScore() {
        long at = in.offset();
        int length = in.u8();
        return switch (length) {
            case SCORE_NAN -> Double.NaN;
            case SCORE_MAX -> Double.POSITIVE_INFINITY;
            case SCORE_MIN -> Double.NEGATIVE_INFINITY;
            default -> score(in.bytes(length), at);
        };
    }

    // As C prints and reads numbers.
    private static double score(Bytes text, long at) {
        String number = text.toUtf8();
        try {
            return switch (number) {
                case "inf", "+inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(number);
            };
        } catch (NumberFormatException none) {
            throw new Damaged("score is no number", at);
        }
    }

    private PackedBytes packed() {
        long at = in.offset();
        return new PackedBytes(in.string(), at);
    }

    private PackedElements ziplist() {
        return new Ziplist(packed());
    }

    private void elements(PackedElements packed) {
        for (Bytes each = packed.next(); each != null; each = packed.next())
            tell(new Element(each));
    }

    private void fields(PackedElements packed) {
        for (Bytes name = packed.next(); name != null; name = packed.next())
            tell(new Field(name, second(packed)));
    }

    private void scores(PackedElements packed) {
        for (Bytes member = packed.next(); member != null; member = packed.next())
            tellScored(member, score(second(packed), in.offset()));
    }

    private Bytes second(PackedElements packed) {
        Bytes second = packed.next();
        if (second == null) throw new Damaged("element without its partner", in.offset());
        return second;
    }

    private static PackedElements listed(List<Bytes> elements) {
        Iterator<Bytes> left = elements.iterator();
        return () -> nextOf(left);
    }

    private static @Nullable Bytes nextOf(Iterator<Bytes> left) {
        return left.hasNext() ? left.next() : null;
    }
}
