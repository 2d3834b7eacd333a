package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.KindOptions;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.redis.RedisEntry;
import dev.holdfast.redis.RedisReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `get`: prints the value of one key.
@Command(
        name = "get",
        header = "Print the value of a key.",
        description = {
            "Prints the value of a key. Writes nothing and fences"
                    + " nobody: safe beside a live server,"
                    + " of which it shows what is durable.",
            ""
        },
        footer = {
            "",
            "Keys and values are shown and typed with escapes: \\n \\t \\\\ \\xNN.",
            "Examples:",
            "  holdfast get user:7",
            "  holdfast get --json --db 2 user:7",
            "  holdfast get --as kv --raw 'raw\\x00key' > value.bin",
            "Exit: 0 found, 66 no such key or database."
        })
public final class GetVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();
    @Mixin private KindOptions kind = new KindOptions();

    @Option(names = "--raw", description = "Print the bytes as they are, without a line end.")
    private boolean isRaw;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Override
    protected ExitStatus run(Output out) {
        Bytes typed = KindOptions.typedKey(key);
        try (var open = OpenDatabase.toRead(data.location(), Env.system())) {
            Map<String, Object> found = new LinkedHashMap<>();
            Output.put(found, "key", typed);
            Bytes value = kind.isRedis() ? redis(open.db(), typed, found) : open.db().get(typed);
            if (value == null) throw new Failure(ExitStatus.MISSING, "no such key: " + key);
            Output.put(found, "value", value);
            if (isRaw) out.bytes(value);
            else if (isJson) out.json(found);
            else out.line(Escapes.show(value));
            return ExitStatus.OK;
        }
    }

    private @Nullable Bytes redis(DbReader db, Bytes typed, Map<String, Object> found) {
        RedisEntry entry = new RedisReader(db, Env.system(), kind.database()).find(typed);
        if (entry == null) return null;
        if (entry.value() == null)
            throw new Failure(
                    ExitStatus.BAD_DATA, "the value is a " + entry.type() + ", not a string");
        if (entry.expireAtMillis() != null) found.put("expireAt", entry.expireAtMillis());
        return entry.value();
    }
}
