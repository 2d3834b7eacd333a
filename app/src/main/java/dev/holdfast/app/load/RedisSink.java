package dev.holdfast.app.load;

import dev.holdfast.app.load.Parsed.Row;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.redis.RedisWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows as strings of a Redis database.
public final class RedisSink implements RowSink {
    private final Db db;
    private final RedisWriter writer;

    public RedisSink(Db db, Env env, int database) {
        this.db = db;
        this.writer = new RedisWriter(db, env, database);
    }

    @Override
    public @Nullable String faultOf(Row row) {
        return RedisWriter.takes(row.key()) ? null : "key too long";
    }

    @Override
    public void write(List<Row> rows) throws InterruptedException {
        writer.put(rows.stream().map(row -> new RedisWriter.Pair(row.key(), row.value())).toList());
    }

    @Override
    public void finish() {
        db.flushMemtables();
    }
}
