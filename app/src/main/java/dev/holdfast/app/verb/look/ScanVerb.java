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
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.redis.RedisEntry;
import dev.holdfast.redis.RedisReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `scan`: prints keys and values.
@Command(
        name = "scan",
        header = "Print keys and values.",
        description = {
            "Prints keys and values, one pair a line with a tab between. Writes nothing and fences"
                    + " nobody: safe beside a live server, of which it shows what is durable.",
            ""
        },
        footer = {
            "",
            "Redis keys come in no order that means anything; with --as kv keys come in theirs, and"
                    + " --from, --to and --reverse apply.",
            "Examples:",
            "  holdfast scan --prefix user: --limit 10",
            "  holdfast scan --count",
            "  holdfast scan --as kv --from a --to b --reverse --json",
            "Exit: 0, 66 no such database."
        })
public final class ScanVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();
    @Mixin private KindOptions kind = new KindOptions();

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only keys that begin so.")
    private String prefix = "";

    @Option(names = "--from", paramLabel = "KEY", description = "The least key (--as kv).")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "KEY",
            description = "The end: keys less than this one (--as kv).")
    private @Nullable String to;

    @Option(names = "--reverse", description = "Greatest key first (--as kv).")
    private boolean isReverse;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--keys-only", description = "Leave the values out.")
    private boolean isKeysOnly;

    @Option(names = "--count", description = "Print only how many there are.")
    private boolean isCount;

    @Option(names = "--json", description = "Print a JSON object a line.")
    private boolean isJson;

    private long shown;

    @Override
    protected ExitStatus run(Output out) {
        if (limit < 0) throw new Failure(ExitStatus.USAGE, "--limit is negative: " + limit);
        if (kind.isRedis() && (from != null || to != null || isReverse))
            throw new Failure(
                    ExitStatus.USAGE,
                    "--from, --to and --reverse need --as kv: Redis keys have no" + " order");
        try (var open = OpenDatabase.toRead(data.location(), Env.system())) {
            if (kind.isRedis()) scanRedis(open.db(), out);
            else scanRows(open.db(), out);
        }
        if (isCount) out.line(Long.toString(shown));
        return ExitStatus.OK;
    }

    private void scanRedis(DbReader db, Output out) {
        Bytes wanted = KindOptions.typed("--prefix", prefix);
        if (shown == limit) return;
        new RedisReader(db, Env.system(), kind.database())
                .visit(entry -> {
                    if (entry.key().startsWith(wanted)) show(entry, out);
                    return shown < limit;
                });
    }

    private void scanRows(DbReader db, Output out) {
        Order order = isReverse ? Order.DESCENDING : Order.ASCENDING;
        try (Scan scan = db.scan(range(), order)) {
            while (shown < limit && scan.next())
                show(new RedisEntry(scan.key(), "row", scan.value(), null), out);
        }
    }

    // What lies both in the prefix and between the bounds.
    private KeyRange range() {
        KeyRange within = KeyRange.prefix(KindOptions.typed("--prefix", prefix));
        Bytes start = from == null ? null : KindOptions.typed("--from", from);
        Bytes end = to == null ? null : KindOptions.typed("--to", to);
        if (start == null || (within.start() != null && start.compareTo(within.start()) < 0))
            start = within.start();
        if (end == null || (within.end() != null && within.end().compareTo(end) < 0))
            end = within.end();
        return new KeyRange(start == null || start.isEmpty() ? null : start, end);
    }

    private void show(RedisEntry entry, Output out) {
        shown++;
        if (isCount) return;
        Bytes value = isKeysOnly ? null : entry.value();
        if (isJson) {
            out.json(jsonOf(entry, value));
            return;
        }
        String line = Escapes.show(entry.key());
        if (isKeysOnly) out.line(line);
        else
            out.line(
                    line + "\t" + (value == null ? "(" + entry.type() + ")" : Escapes.show(value)));
    }

    private static Map<String, Object> jsonOf(RedisEntry entry, @Nullable Bytes value) {
        Map<String, Object> object = new LinkedHashMap<>();
        Output.put(object, "key", entry.key());
        if (value != null) Output.put(object, "value", value);
        if (!entry.type().equals("row")) object.put("type", entry.type());
        if (entry.expireAtMillis() != null) object.put("expireAt", entry.expireAtMillis());
        return object;
    }
}
