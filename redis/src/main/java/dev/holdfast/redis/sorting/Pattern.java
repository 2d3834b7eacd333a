package dev.holdfast.redis.sorting;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.values.RedisHash;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Where to look something up for an element: a key in which a star stands for the element, with
/// `->` and a field behind it if the key holds a hash; or `#`, the element itself.
record Pattern(Bytes word) {
    private static final Bytes ITSELF = Bytes.utf8("#");

    /// True if it depends on the element.
    boolean hasStar() {
        return 0 <= indexOf('*', 0);
    }

    /// What there is for `element`; null if there is nothing.
    @Nullable Bytes lookUp(Keyspace keyspace, Bytes element) {
        if (word.equals(ITSELF)) return element;
        int star = indexOf('*', 0);
        if (star < 0) return null;
        int arrow = arrow(star + 1);
        int end = arrow < 0 ? word.length() : arrow;
        ByteBuffer key = ByteBuffer.allocate(end - 1 + element.length());
        key.put(word.slice(0, star).toBuffer()).put(element.toBuffer());
        Bytes name = Bytes.wrap(key.put(word.slice(star + 1, end).toBuffer()).array());
        Meta meta = keyspace.reading().find(name);
        if (meta == null) return null;
        if (arrow < 0) return meta.type() == KeyType.STRING ? keyspace.string(name) : null;
        if (meta.type() != KeyType.HASH) return null;
        return RedisHash.at(keyspace, name).get(word.slice(arrow + 2, word.length()));
    }

    // A field must follow.
    private int arrow(int from) {
        for (int at = indexOf('-', from); 0 <= at; at = indexOf('-', at + 1))
            if (at + 1 < word.length() && word.at(at + 1) == '>')
                return at + 2 < word.length() ? at : -1;
        return -1;
    }

    private int indexOf(char letter, int from) {
        for (int i = from; i < word.length(); i++) if (word.at(i) == letter) return i;
        return -1;
    }
}
