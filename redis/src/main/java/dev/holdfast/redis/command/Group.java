package dev.holdfast.redis.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The chapter of the manual that a command stands in.
public enum Group {
    GENERIC(Category.KEYSPACE),
    STRING(Category.STRING),
    LIST(Category.LIST),
    SET(Category.SET),
    SORTED_SET(Category.SORTEDSET),
    HASH(Category.HASH),
    PUBSUB(Category.PUBSUB),
    TRANSACTIONS(Category.TRANSACTION),
    CONNECTION(Category.CONNECTION),
    SERVER(null),
    SCRIPTING(Category.SCRIPTING),
    HYPERLOGLOG(Category.HYPERLOGLOG),
    GEO(Category.GEO),
    STREAM(Category.STREAM),
    BITMAP(Category.BITMAP);

    private final @Nullable Category category;

    Group(@Nullable Category category) {
        this.category = category;
    }

    /// The category that all commands of the chapter belong to, if there is one.
    public @Nullable Category category() {
        return category;
    }

    /// The name that COMMAND DOCS shows.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
