package dev.holdfast.redis.transfer;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.rdb.DumpPayload;
import dev.holdfast.redis.rdb.RdbException;
import dev.holdfast.redis.rdb.RdbInput;
import dev.holdfast.redis.rdb.RdbType;
import dev.holdfast.redis.rdb.ValueReader;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.EnumSet;
import java.util.Set;

/// `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`: puts
/// what DUMP told at a key.
///
/// How often the value was used is checked and forgotten: nobody here counts it.
///
/// @param idle for how many seconds the value was not used; -1 if that is not said
record Restore(Bytes key, Bytes ttl, Bytes payload, Set<Choice> choices, long idle)
        implements Command {
    static final Syntax SYNTAX = syntax("RESTORE", "2.6.0", "");

    /// The same for a key that is under way to another node: there are no others.
    static final Syntax ASKING_SYNTAX =
            syntax("RESTORE-ASKING", "3.0.0", "An internal command for migrating keys in a cluster")
                    .flags(Flag.ASKING);

    private static Syntax syntax(String name, String since, String summary) {
        String usual =
                "Create a key using the provided serialized value, previously obtained using DUMP.";
        return Syntax.write(name, -4, Restore::parse)
                .flags(Flag.DENYOOM)
                .categories(Category.KEYSPACE, Category.DANGEROUS)
                .keys(KeySpec.one("OW", "update"))
                .docs(
                        Group.GENERIC,
                        since,
                        "O(1) to create the new key and additional O(N*M) to reconstruct the"
                                + " serialized value, where N is the number of Redis objects"
                                + " composing the value and M their average size. For small"
                                + " string values the time complexity is thus O(1)+O(1*M) where"
                                + " M is small, so simply O(1). However for sorted set values"
                                + " the complexity is O(N*M*log(N)) because inserting values"
                                + " into sorted sets is O(log(N)).",
                        summary.isEmpty() ? usual : summary,
                        "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds]"
                                + " [FREQ frequency]");
    }

    private static final String BUSY = "BUSYKEY Target key name already exists.";
    private static final String UNTRUSTED = "ERR DUMP payload version or checksum are wrong";
    private static final int FREQUENCY_MAX = 255;

    /// What may be chosen.
    enum Choice {
        /// A value that is there already gives way.
        REPLACE,
        /// The time to live is the time when it ends.
        ABSTTL
    }

    private static Restore parse(Words words) {
        Set<Choice> choices = EnumSet.noneOf(Choice.class);
        String counted = "";
        long idle = -1;
        for (Options options = words.options(3); options.more(); ) {
            String option = options.keyword();
            boolean isCounted = option.equals("IDLETIME") || option.equals("FREQ");
            if (isCounted && options.more() && (counted.isEmpty() || counted.equals(option))) {
                long value = options.integer();
                check(option, value);
                if (option.equals("IDLETIME")) idle = value;
                counted = option;
            } else if (option.equals("REPLACE")) choices.add(Choice.REPLACE);
            else if (option.equals("ABSTTL")) choices.add(Choice.ABSTTL);
            else throw options.unexpected();
        }
        return new Restore(words.key(0), words.bytes(1), words.bytes(2), choices, idle);
    }

    private static void check(String option, long value) {
        boolean isIdle = option.equals("IDLETIME");
        if (isIdle && value < 0) throw new RespError("ERR Invalid IDLETIME value, must be >= 0");
        if (!isIdle && (value < 0 || FREQUENCY_MAX < value))
            throw new RespError("ERR Invalid FREQ value, must be >= 0 and <= 255");
    }

    @Override
    public Reply run(Keyspace keyspace) {
        boolean isReplaced = choices.contains(Choice.REPLACE);
        if (!isReplaced && keyspace.exists(key)) throw new RespError(BUSY);
        long millis = Numbers.integer(ttl, RespError.NOT_AN_INTEGER);
        if (millis < 0) throw new RespError("ERR Invalid TTL value, must be >= 0");
        Bytes trusted = DumpPayload.open(payload);
        if (trusted == null) throw new RespError(UNTRUSTED);
        boolean isRelative = millis != 0 && !choices.contains(Choice.ABSTTL);
        long atMillis = isRelative ? keyspace.nowMillis() + millis : millis;
        if (atMillis != 0 && atMillis <= keyspace.nowMillis()) {
            read(trusted, new PartBuffer(_ -> {}));
            if (isReplaced) keyspace.deleteForNothing(key);
            return Reply.OK;
        }
        keyspace.delete(key);
        load(keyspace, trusted);
        if (atMillis != 0) keyspace.endAt(key, atMillis);
        if (0 <= idle) keyspace.usedBefore(key, idle);
        keyspace.event(EventKind.GENERIC, "restore", key);
        return Reply.OK;
    }

    private void load(Keyspace keyspace, Bytes trusted) {
        RdbType type = type(trusted);
        var value = new LoadedValue(key, type.kind());
        var parts = new PartBuffer(some -> value.add(keyspace, some));
        read(trusted, parts);
        parts.flush();
    }

    private static void read(Bytes trusted, PartBuffer parts) {
        var in = RdbInput.of(trusted.slice(Math.min(1, trusted.length()), trusted.length()));
        try {
            ValueReader.read(in, type(trusted), parts);
        } catch (RdbException wrong) {
            throw new RespError(RespError.BAD_DATA);
        }
    }

    private static RdbType type(Bytes trusted) {
        RdbType type = trusted.isEmpty() ? null : RdbType.ofTag(trusted.at(0) & 0xff);
        if (type == null) throw new RespError(RespError.BAD_DATA);
        return type;
    }
}
