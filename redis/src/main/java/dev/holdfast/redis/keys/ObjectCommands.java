package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.Form;
import java.util.List;
import java.util.function.BiFunction;

/// `OBJECT subcommand`: what Redis would tell of the insides of a value.
///
/// Values lie in a store here, not in objects: the answers are those that clients of Redis expect
/// for such a value, with no references counted. Asking is no use of the value.
final class ObjectCommands {
    private static final int EMBEDDED_BYTES_MAX = 44;
    private static final int SHARED_INTEGERS = 10_000;
    private static final int INTEGER_BYTES_MAX = 20;
    private static final String NO_FREQUENCY =
            "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note"
                    + " that when switching between policies at runtime LRU and LFU data will take"
                    + " some time to adjust.";
    private static final String HELP =
            """
            OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
            ENCODING <key>
                Return the kind of internal representation used in order to store the value
                associated with a <key>.
            FREQ <key>
                Return the access frequency index of the <key>. The returned integer is
                proportional to the logarithm of the recent access frequency of the key.
            IDLETIME <key>
                Return the idle time of the <key>, that is the approximated number of
                seconds elapsed since the last access to the key.
            REFCOUNT <key>
                Return the number of references of the value associated with the specified
                <key>.
            HELP
                Prints this help.
            """;

    static final Syntax SYNTAX =
            Syntax.container(
                            "OBJECT",
                            List.of(
                                    about(
                                            "ENCODING",
                                            "2.2.3",
                                            "Inspect the internal encoding of a Redis object",
                                            ObjectCommands::encoding),
                                    about(
                                            "FREQ",
                                            "4.0.0",
                                            "Get the logarithmic access frequency counter of a"
                                                    + " Redis object",
                                            ObjectCommands::frequency),
                                    help(),
                                    about(
                                            "IDLETIME",
                                            "2.2.3",
                                            "Get the time since a Redis object was last accessed",
                                            ObjectCommands::idleTime),
                                    about(
                                            "REFCOUNT",
                                            "2.2.3",
                                            "Get the number of references to the value of the key",
                                            ObjectCommands::references)))
                    .docs(
                            Group.GENERIC,
                            "2.2.3",
                            "Depends on subcommand.",
                            "A container for object introspection commands",
                            "");

    private ObjectCommands() {}

    /// What there is to say of a key that exists.
    private record Look(Bytes key, BiFunction<Keyspace, Bytes, Reply> teller) implements Command {
        @Override
        public Reply run(Keyspace keyspace) {
            Keyspace aside = keyspace.aside().quiet();
            return aside.exists(key) ? teller.apply(aside, key) : Reply.NULL;
        }
    }

    private static Syntax about(
            String name, String since, String summary, BiFunction<Keyspace, Bytes, Reply> teller) {
        return Syntax.read(name, 3, (Words words) -> new Look(words.key(0), teller))
                .categories(Category.KEYSPACE)
                .keys(KeySpec.at(2, "RO"))
                .docs(Group.GENERIC, since, "O(1)", summary, "key");
    }

    private static Syntax help() {
        return Syntax.help(Group.GENERIC, "6.2.0", HELP.lines().toList())
                .categories(Category.KEYSPACE);
    }

    private static Reply encoding(Keyspace keyspace, Bytes key) {
        return keyspace.exists(key) ? Reply.bulk(wordOf(keyspace, key)) : Reply.NULL;
    }

    /// The word for the layout of the value at `key`, which must exist.
    static String wordOf(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        if (meta == null) throw new RespError(RespError.NO_SUCH_KEY);
        return switch (meta.type()) {
            case STRING -> encoding(keyspace.stringAt(key));
            case LIST -> "quicklist";
            case SET -> Form.of(meta) == Form.PACKED ? "intset" : "hashtable";
            case HASH -> Form.of(meta) == Form.PACKED ? "listpack" : "hashtable";
            case ZSET -> Form.of(meta) == Form.PACKED ? "listpack" : "skiplist";
            case STREAM -> "stream";
        };
    }

    private static String encoding(RedisString string) {
        if (isInteger(string)) return "int";
        boolean isRaw = string.form() == StringForm.RAW || EMBEDDED_BYTES_MAX < string.length();
        return isRaw ? "raw" : "embstr";
    }

    private static Reply idleTime(Keyspace keyspace, Bytes key) {
        return Reply.integer(keyspace.idleSeconds(key));
    }

    private static Reply frequency(Keyspace keyspace, Bytes key) {
        throw new RespError(NO_FREQUENCY);
    }

    // Small integers are shared in Redis, and never counted.
    private static Reply references(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        if (meta == null || meta.type() != KeyType.STRING) return Reply.ONE;
        RedisString string = keyspace.stringAt(key);
        if (!isInteger(string)) return Reply.ONE;
        long value = Numbers.integer(string.read(), RespError.NOT_AN_INTEGER);
        boolean isShared = 0 <= value && value < SHARED_INTEGERS;
        return isShared ? Reply.integer(Integer.MAX_VALUE) : Reply.ONE;
    }

    private static boolean isInteger(RedisString string) {
        return string.form() == StringForm.PLAIN
                && string.length() <= INTEGER_BYTES_MAX
                && Numbers.integerOrNull(string.read()) != null;
    }
}
