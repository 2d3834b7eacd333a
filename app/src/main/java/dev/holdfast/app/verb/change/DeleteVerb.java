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
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.RedisWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `delete`: removes keys.
@Command(
        name = "delete",
        header = "Remove keys.",
        aliases = "del",
        description = {
            "Removes keys, all of them as one, and returns once that is"
                    + " durable in the store. Prints"
                    + " how many existed. Refuses while another process of this machine holds the"
                    + " database.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast delete user:7 user:8",
            "  holdfast delete --as kv 'raw\\x00key'",
            "Exit: 0 durable, 66 no such database, 73 another process holds the database."
        })
public final class DeleteVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();
    @Mixin private KindOptions kind = new KindOptions();
    @Mixin private WriteOptions write = new WriteOptions();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Parameters(arity = "1..*", paramLabel = "KEY", description = "The keys.")
    private List<String> keys = List.of();

    @Override
    protected ExitStatus run(Output out) throws InterruptedException {
        List<Bytes> typed = keys.stream().map(KindOptions::typedKey).distinct().toList();
        Env env = Env.system();
        int database = kind.database();
        OpenDatabase.requireDatabase(data.location(), env);
        try (var open =
                OpenDatabase.toWrite(data.location(), WriteOptions.SETTINGS, write.claim(), env)) {
            long existed;
            if (kind.isRedis()) {
                existed = new RedisWriter(open.db(), env, database).delete(typed);
                open.db().flush();
            } else existed = deleteRows(open.db(), typed);
            if (isJson) out.json(jsonOf(typed.size(), existed, open.db().watermarks().remote()));
            else out.line(Long.toString(existed));
        }
        return ExitStatus.OK;
    }

    private static Map<String, Object> jsonOf(int keys, long existed, long seq) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("keys", keys);
        object.put("existed", existed);
        object.put("seq", seq);
        return object;
    }

    private static long deleteRows(Db db, List<Bytes> typed) {
        long existed = typed.stream().filter(key -> db.get(key) != null).count();
        var batch = new WriteBatch();
        typed.forEach(batch::delete);
        db.write(batch, Durability.REMOTE);
        return existed;
    }
}
