package dev.holdfast.redis.hyperloglogs;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.signal.EventKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls on HyperLogLogs.
final class LogLogCalls {
    private LogLogCalls() {}

    /// `PFADD key [element ...]`: takes note of elements, and tells whether the count may differ.
    static Command pfadd(Words words) {
        Bytes key = words.key(0);
        List<Bytes> elements = words.keys(1);
        return keyspace -> {
            LogLog found = find(keyspace, key);
            LogLog logLog = found == null ? LogLog.empty() : found;
            long changes = elements.stream().filter(logLog::add).count();
            if (found != null && changes == 0) return Reply.ZERO;
            logLog.outdate();
            save(keyspace, key, logLog);
            keyspace.event(EventKind.STRING, "pfadd", key);
            return Reply.ONE;
        };
    }

    /// `PFCOUNT key [key ...]`: how many different elements were met, by estimate.
    static Command pfcount(Words words) {
        List<Bytes> keys = words.keys(0);
        if (keys.size() == 1) return keyspace -> countOne(keyspace, keys.getFirst());
        return keyspace -> {
            byte[] registers = new byte[LogLog.REGISTERS];
            for (Bytes key : keys) {
                LogLog logLog = find(keyspace.reading(), key);
                if (logLog != null) logLog.raise(registers);
            }
            return Reply.integer(LogLogCount.of(registers));
        };
    }

    // What was computed is kept in the value, as in Redis.
    private static Reply countOne(Keyspace keyspace, Bytes key) {
        LogLog logLog = find(keyspace.reading(), key);
        if (logLog == null) return Reply.ZERO;
        if (!logLog.isOutdated()) return Reply.integer(logLog.noted());
        long count = LogLogCount.of(logLog.registers());
        logLog.note(count);
        save(keyspace, key, logLog);
        return Reply.integer(count);
    }

    /// `PFMERGE destkey [sourcekey ...]`: keeps what all of them have met together.
    static Command pfmerge(Words words) {
        List<Bytes> keys = words.keys(0);
        return keyspace -> {
            byte[] registers = new byte[LogLog.REGISTERS];
            boolean isDense = false;
            for (Bytes key : keys) {
                LogLog source = find(keyspace.reading(), key);
                if (source == null) continue;
                source.raise(registers);
                isDense |= source.isDense();
            }
            LogLog found = find(keyspace, keys.getFirst());
            LogLog target = found == null ? LogLog.empty() : found;
            if (isDense) target.makeDense();
            for (int i = 0; i < registers.length; i++)
                if (registers[i] != 0) target.set(i, registers[i]);
            target.outdate();
            save(keyspace, keys.getFirst(), target);
            keyspace.event(EventKind.STRING, "pfadd", keys.getFirst());
            return Reply.OK;
        };
    }

    private static @Nullable LogLog find(Keyspace keyspace, Bytes key) {
        Bytes value = keyspace.string(key);
        return value == null ? null : LogLog.decode(value);
    }

    private static void save(Keyspace keyspace, Bytes key, LogLog logLog) {
        RedisString string = keyspace.stringAt(key);
        string.set(logLog.encode(), StringForm.RAW, string.expireAtMillis());
    }
}
