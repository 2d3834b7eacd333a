package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.resp.RespError;

/// One of the two ends of a list.
public enum End {
    /// Where `LPUSH` pushes.
    HEAD("LEFT", "lpush", "lpop", Order.ASCENDING),
    /// Where `RPUSH` pushes.
    TAIL("RIGHT", "rpush", "rpop", Order.DESCENDING);

    private final String word;
    private final String pushed;
    private final String popped;
    private final Order inwards;

    End(String word, String pushed, String popped, Order inwards) {
        this.word = word;
        this.pushed = pushed;
        this.popped = popped;
        this.inwards = inwards;
    }

    /// The end that `LEFT` or `RIGHT` names. A syntax error for any other word.
    static End of(Bytes word) {
        for (End end : values()) if (Numbers.isKeyword(word, end.word)) return end;
        throw new RespError(RespError.SYNTAX);
    }

    /// The event of a push here.
    String pushed() {
        return pushed;
    }

    /// The event of a pop here.
    String popped() {
        return popped;
    }

    /// The order of positions from this end to the other.
    Order inwards() {
        return inwards;
    }
}
