package dev.holdfast.redis.sorting;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.MemberRow;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.HashedMembers;
import dev.holdfast.redis.values.RedisSet;
import dev.holdfast.redis.values.RedisZset;
import java.util.ArrayList;
import java.util.List;

/// The elements of what can be sorted, in the order that they have.
final class Elements {
    private Elements() {}

    /// What is at `key`, which is of `type`; what has an order in `order`.
    static List<Bytes> of(Keyspace keyspace, Bytes key, KeyType type, Order order) {
        List<Bytes> elements = new ArrayList<>();
        switch (type) {
            case LIST -> {
                Collection list = keyspace.collectionAt(key, KeyType.LIST);
                try (Collection.Rows rows = list.rows(MemberRow.LIST_ELEMENT.range(), order)) {
                    while (rows.next()) add(keyspace, rows.value(), elements);
                }
            }
            case SET -> {
                try (HashedMembers.Walk walk = RedisSet.at(keyspace, key).members().walk()) {
                    while (walk.next()) add(keyspace, walk.name(), elements);
                }
            }
            case ZSET -> {
                try (RedisZset.Walk walk =
                        RedisZset.at(keyspace, key).walk(RedisZset.all(), order)) {
                    while (walk.next()) add(keyspace, walk.member(), elements);
                }
            }
            case STRING, HASH, STREAM -> throw new RespError(RespError.WRONG_TYPE);
        }
        return elements;
    }

    private static void add(Keyspace keyspace, Bytes element, List<Bytes> elements) {
        keyspace.hold(Reply.HELD_BYTES + element.length());
        elements.add(element);
    }
}
