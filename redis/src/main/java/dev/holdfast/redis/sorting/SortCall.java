package dev.holdfast.redis.sorting;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.lists.RedisList;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE
/// destination]`: what a list or set holds, in order. Holds all elements in memory while it sorts.
///
/// @param by null to sort by the elements themselves
/// @param target null to show what comes out
record SortCall(
        Bytes key, @Nullable Pattern by, List<Pattern> gets, Manner manner, @Nullable Bytes target)
        implements Command {
    /// How it is sorted, and what of it is wanted.
    record Manner(Kind kind, Order order, long offset, long count) {}

    /// What is compared.
    enum Kind {
        NUMBERS,
        TEXTS
    }

    /// An element and what it is sorted by.
    private record Weighed(Bytes element, double number, @Nullable Bytes text) {}

    /// `SORT`, which may keep what comes out.
    static SortCall sort(Words words) {
        return new SortWords(words).call();
    }

    /// `SORT_RO`, which may not.
    static SortCall sort_ro(Words words) {
        SortCall call = new SortWords(words).call();
        if (call.target != null) throw new RespError(RespError.SYNTAX);
        return call;
    }

    /// Reads the words of a call.
    private static final class SortWords {
        private final Words words;
        private @Nullable Pattern by;
        private final List<Pattern> gets = new ArrayList<>();
        private Kind kind = Kind.NUMBERS;
        private Order order = Order.ASCENDING;
        private long offset;
        private long count = -1;
        private @Nullable Bytes target;

        SortWords(Words words) {
            this.words = words;
        }

        SortCall call() {
            for (Options options = words.options(1); options.more(); ) read(options);
            var manner = new Manner(kind, order, offset, count);
            return new SortCall(words.key(0), by, gets, manner, target);
        }

        private void read(Options options) {
            switch (options.keyword()) {
                case "ASC" -> order = Order.ASCENDING;
                case "DESC" -> order = Order.DESCENDING;
                case "ALPHA" -> kind = Kind.TEXTS;
                case "LIMIT" -> {
                    if (options.left() < 2) throw options.unexpected();
                    offset = options.integer();
                    count = options.integer();
                }
                case "BY" -> by = new Pattern(options.bytes());
                case "GET" -> gets.add(new Pattern(options.bytes()));
                case "STORE" -> target = options.bytes();
                default -> throw options.unexpected();
            }
        }
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Meta meta = keyspace.reading().find(key);
        KeyType type = meta == null ? KeyType.LIST : meta.type();
        Order unsorted = isSorted(type) ? Order.ASCENDING : manner.order;
        List<Bytes> elements = Elements.of(keyspace.quiet(), key, type, unsorted);
        if (isSorted(type)) elements = sorted(keyspace, elements, sortsBy(type));
        List<@Nullable Bytes> found = new ArrayList<>();
        for (Bytes element : window(elements)) {
            if (gets.isEmpty()) found.add(element);
            for (Pattern get : gets) found.add(get.lookUp(keyspace, element));
        }
        if (target != null) return store(keyspace, target, found);
        return Reply.array(
                found.stream().map(each -> each == null ? Reply.NULL : Reply.bulk(each)).toList());
    }

    // A pattern that is the same for all elements means: leave them as they are. A set has no order
    // of its own, so that what is kept of it is sorted all the same.
    private boolean isSorted(KeyType type) {
        return by == null || by.hasStar() || isForced(type);
    }

    private boolean isForced(KeyType type) {
        return by != null && !by.hasStar() && type == KeyType.SET && target != null;
    }

    private @Nullable Pattern sortsBy(KeyType type) {
        return isForced(type) ? null : by;
    }

    private List<Bytes> sorted(Keyspace keyspace, List<Bytes> elements, @Nullable Pattern weight) {
        boolean isText = manner.kind == Kind.TEXTS || by != null && !by.hasStar();
        List<Weighed> weighed = new ArrayList<>();
        boolean isBroken = false;
        for (Bytes element : elements) {
            Bytes found = weight == null ? element : weight.lookUp(keyspace, element);
            Double number = isText || found == null ? (Double) 0.0 : Numbers.looseInRange(found);
            isBroken |= number == null;
            weighed.add(new Weighed(element, number == null ? 0 : number, found));
        }
        if (isBroken) throw new RespError("ERR One or more scores can't be converted into double");
        Comparator<Weighed> comparator = isText ? byText() : byNumber();
        weighed.sort(manner.order == Order.ASCENDING ? comparator : comparator.reversed());
        return weighed.stream().map(Weighed::element).toList();
    }

    private static Comparator<Weighed> byText() {
        return Comparator.comparing(
                Weighed::text, Comparator.nullsFirst(Comparator.naturalOrder()));
    }

    private static Comparator<Weighed> byNumber() {
        return (one, other) -> {
            if (one.number < other.number) return -1;
            return other.number < one.number ? 1 : one.element.compareTo(other.element);
        };
    }

    private List<Bytes> window(List<Bytes> elements) {
        int size = elements.size();
        int start = Math.clamp(manner.offset, 0, size);
        long length = manner.count < 0 ? size : manner.count;
        return elements.subList(start, (int) Math.min(size, start + Math.min(length, size)));
    }

    private static Reply store(Keyspace keyspace, Bytes target, List<@Nullable Bytes> found) {
        if (found.isEmpty()) {
            keyspace.deleteForNothing(target);
            return Reply.ZERO;
        }
        keyspace.delete(target);
        RedisList.store(
                keyspace, target, found.stream().map(each -> each == null ? Bytes.EMPTY : each));
        keyspace.event(EventKind.LIST, "sortstore", target);
        return Reply.integer(found.size());
    }
}
