package dev.holdfast.redis.script;

import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.FunctionLibrary.Entry;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All libraries of functions of one moment, and which function is in which. Immutable.
///
/// Invariant: no two functions have names that differ in capitals only.
final class FunctionLibraries {
    static final FunctionLibraries NONE = new FunctionLibraries(new TreeMap<>(), Map.of());

    private final SortedMap<String, FunctionLibrary> byName;
    private final Map<String, Place> places; // by the names of functions in small letters

    private FunctionLibraries(
            SortedMap<String, FunctionLibrary> byName, Map<String, Place> places) {
        this.byName = byName;
        this.places = places;
    }

    /// A function, and where it is.
    record Place(FunctionLibrary library, Entry function) {}

    /// All libraries, in the order of their names.
    Collection<FunctionLibrary> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /// The library called `name`; null if there is none.
    @Nullable FunctionLibrary library(String name) {
        return byName.get(name);
    }

    /// The function called `name`, in whatever capitals; null if there is none.
    @Nullable Place function(String name) {
        return places.get(name.toLowerCase(Locale.ROOT));
    }

    /// How many functions there are.
    int functionCount() {
        return places.size();
    }

    /// How long the sources are.
    long bytes() {
        long bytes = 0;
        for (FunctionLibrary library : byName.values()) bytes += library.source().whole().length();
        return bytes;
    }

    /// These with `added` in the place of the one of its name. An error if another library has a
    /// function of the same name.
    FunctionLibraries with(FunctionLibrary added) {
        SortedMap<String, FunctionLibrary> libraries = new TreeMap<>(byName);
        libraries.remove(added.name());
        Map<String, Place> functions = places(libraries);
        libraries.put(added.name(), added);
        for (Entry each : added.functions()) {
            var place = new Place(added, each);
            if (functions.put(each.name().toLowerCase(Locale.ROOT), place) != null)
                throw new RespError("ERR Function " + each.name() + " already exists");
        }
        return new FunctionLibraries(libraries, functions);
    }

    /// These without the library called `name`.
    FunctionLibraries without(String name) {
        SortedMap<String, FunctionLibrary> libraries = new TreeMap<>(byName);
        libraries.remove(name);
        return new FunctionLibraries(libraries, places(libraries));
    }

    private static Map<String, Place> places(SortedMap<String, FunctionLibrary> libraries) {
        Map<String, Place> places = new HashMap<>();
        for (FunctionLibrary library : libraries.values())
            for (Entry each : library.functions())
                places.put(each.name().toLowerCase(Locale.ROOT), new Place(library, each));
        return places;
    }
}
