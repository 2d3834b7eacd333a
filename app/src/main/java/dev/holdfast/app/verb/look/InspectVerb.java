package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.inspect.Rows;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.upkeep.KeyRing;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A verb that looks at the objects of a database, one by one. It opens no database, writes nothing
/// and fences nobody.
abstract class InspectVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Option(names = "--json", description = "Print JSON, an object a line.")
    private boolean isJson;

    private @Nullable DatabaseLocation location;

    /// The store that was named without `--data`; null if none was. Asked once, before [#look].
    protected @Nullable String place() {
        return null;
    }

    /// Where it looks.
    final DatabaseLocation location() {
        DatabaseLocation known = location;
        if (known == null) throw new IllegalStateException("asked before it was known");
        return known;
    }

    /// The keys that were given.
    final KeyRing keys() {
        return data.location().keys();
    }

    final boolean isJson() {
        return isJson;
    }

    /// Looks at `objects`.
    abstract ExitStatus look(StoredObjects objects, Output out) throws Exception;

    @Override
    protected ExitStatus run(Output out) throws Exception {
        Deque<AutoCloseable> rest = new ArrayDeque<>();
        DatabaseLocation at = data.location(place());
        location = at;
        try (var store = OpenDatabase.existing(at, Env.system(), rest)) {
            return look(new StoredObjects(store, at.path()), out);
        }
    }

    final void print(Page page, Output out) {
        if (isJson) page.printJson(out);
        else page.printText(out);
    }

    final void printLine(Page page, Output out) {
        if (isJson) page.printJson(out);
        else page.printLine(out);
    }

    final Rows rows(Output out, long limit) {
        return new Rows(out, isJson ? Rows.Form.JSON : Rows.Form.TEXT, limit);
    }
}
