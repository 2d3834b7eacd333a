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
import java.util.ArrayDeque;
import java.util.Deque;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A verb that looks at the objects of a database, one by one. It opens no database, writes nothing
/// and fences nobody.
abstract class InspectVerb extends Verb {
    @Mixin private LocationOptions data = new LocationOptions();

    @Option(names = "--json", description = "Print JSON, an object a line.")
    private boolean isJson;

    /// Looks at `objects`.
    abstract ExitStatus look(StoredObjects objects, Output out) throws Exception;

    @Override
    protected ExitStatus run(Output out) throws Exception {
        Deque<AutoCloseable> rest = new ArrayDeque<>();
        DatabaseLocation location = data.location();
        try (var store = OpenDatabase.existing(location, Env.system(), rest)) {
            return look(new StoredObjects(store, location.path()), out);
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
