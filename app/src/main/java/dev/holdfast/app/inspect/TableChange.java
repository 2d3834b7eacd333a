package dev.holdfast.app.inspect;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.console.Units;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.manifest.SstView;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables that came into one level, and those that went out of it.
///
/// @param segment the beginning of all keys of the level, where there are segments
/// @param run the number of the sorted run; null for L0
record TableChange(
        @Nullable Bytes segment,
        @Nullable Long run,
        Standing standing,
        List<SstView> in,
        List<SstView> out) {

    /// Whether the level itself is there, before and after.
    enum Standing {
        NEW,
        GONE,
        CHANGED,
        SAME
    }

    static TableChange of(
            @Nullable Bytes segment,
            @Nullable Long run,
            @Nullable List<SstView> from,
            @Nullable List<SstView> to) {
        List<SstView> before = from == null ? List.of() : from;
        List<SstView> after = to == null ? List.of() : to;
        List<SstView> in = missing(after, before);
        List<SstView> out = missing(before, after);
        Standing standing = in.isEmpty() && out.isEmpty() ? Standing.SAME : Standing.CHANGED;
        if (run != null && from == null) standing = Standing.NEW;
        if (run != null && to == null) standing = Standing.GONE;
        return new TableChange(segment, run, standing, in, out);
    }

    private static List<SstView> missing(List<SstView> views, List<SstView> others) {
        Set<SstView> left = new LinkedHashSet<>(views);
        others.forEach(left::remove);
        return List.copyOf(left);
    }

    String name() {
        String level = run == null ? "L0" : "run " + run;
        return segment == null ? level : "segment " + Escapes.show(segment) + " " + level;
    }

    /// In one line: `L0: 1 table in (12.0 MiB), 4 tables out (48.1 MiB)`.
    String inWords() {
        String what =
                switch (standing) {
                    case NEW -> " is new: ";
                    case GONE -> " is gone: ";
                    case CHANGED, SAME -> ": ";
                };
        return name() + what + counted(in, "in") + (both() ? ", " : "") + counted(out, "out");
    }

    private boolean both() {
        return !in.isEmpty() && !out.isEmpty();
    }

    private static String counted(List<SstView> views, String way) {
        if (views.isEmpty()) return "";
        return Units.count(views.size(), "table")
                + " "
                + way
                + " ("
                + Units.bytes(size(views))
                + ")";
    }

    private static long size(List<SstView> views) {
        return views.stream().mapToLong(view -> view.sst().properties().propertiesOffset()).sum();
    }

    /// A line for each table, with its sign.
    Stream<String> lines() {
        return Stream.concat(
                in.stream().map(view -> "  + " + ManifestPage.view(view).inLine()),
                out.stream().map(view -> "  - " + ManifestPage.view(view).inLine()));
    }

    Page page() {
        return new Page()
                .add("segment", segment == null ? null : Escapes.show(segment))
                .add("level", run == null ? "L0" : "run")
                .add("run", run)
                .add("change", standing.name().toLowerCase(java.util.Locale.ROOT))
                .add("in", in.stream().map(ManifestPage::view).toList())
                .add("out", out.stream().map(ManifestPage::view).toList());
    }
}
