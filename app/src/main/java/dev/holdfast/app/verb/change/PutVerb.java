package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.KindOptions;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.app.verb.word.WriteOptions;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.RedisWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `put`: sets one key.
@Command(
        name = "put",
        header = "Set a key.",
        description = {
            "Sets a key to a value, and returns once that is durable in the store. Makes the"
                    + " database if there is none. Refuses while another process of this machine"
                    + " holds the database.",
            ""
        },
        footer = {
            "",
            "Keys and values are typed with escapes: \\n \\t \\\\ \\xNN.",
            "Examples:",
            "  holdfast put greeting 'hello world'",
            "  holdfast put --as kv --data ./other 'raw\\x00key' 1",
            "  holdfast put --json greeting hello     # says the number of the commit",
            "Exit: 0 durable, 73 another process holds the database."
        })
public final class PutVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();
    @Mixin private KindOptions kind = new KindOptions();
    @Mixin private WriteOptions write = new WriteOptions();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "The value.")
    private String value = "";

    @Override
    protected ExitStatus run(Output out) throws InterruptedException {
        Bytes typedKey = KindOptions.typedKey(key);
        Bytes typedValue = KindOptions.typed("value:", value);
        Env env = Env.system();
        int database = kind.database();
        try (var open =
                OpenDatabase.toWrite(data.location(), WriteOptions.SETTINGS, write.claim(), env)) {
            if (kind.isRedis()) {
                var writer = new RedisWriter(open.db(), env, database);
                writer.put(List.of(new RedisWriter.Pair(typedKey, typedValue)));
                open.db().flush();
            } else open.db().put(typedKey, typedValue);
            if (isJson) out.json(jsonOf(typedKey, open.db().watermarks().remote()));
        }
        return ExitStatus.OK;
    }

    private static Map<String, Object> jsonOf(Bytes key, long seq) {
        Map<String, Object> object = new LinkedHashMap<>();
        Output.put(object, "key", key);
        object.put("seq", seq);
        return object;
    }
}
