package dev.holdfast.system.interop;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Databases in folders of this machine: opened, copied as a crash would leave them, read whole.
public final class Databases {
    /// The operator that concatenates, as the golden databases were written with.
    public static final MergeOperator CONCATENATE =
            (_, existing, operands) -> {
                Bytes all = existing == null ? Bytes.EMPTY : existing;
                for (Bytes operand : operands) all = concatenate(all, operand);
                return all;
            };

    private Databases() {}

    /// Opens the database in `folder` for writing.
    public static HoldfastDb open(Path folder, Settings settings) {
        return Engine.builder(ObjectStores.open(url(folder), Env.system()), "")
                .settings(settings)
                .mergeOperator(CONCATENATE)
                .open();
    }

    /// Opens it to look at.
    public static DbReader openReader(Path folder) {
        return Engine.builder(ObjectStores.open(url(folder), Env.system()), "")
                .mergeOperator(CONCATENATE)
                .openReader();
    }

    /// The URL of a folder.
    public static String url(Path folder) {
        return folder.toAbsolutePath().toUri().toString().replaceFirst("/$", "");
    }

    /// Both values, one after the other.
    public static Bytes concatenate(Bytes first, Bytes second) {
        var both = new byte[first.length() + second.length()];
        first.copyTo(both, 0);
        second.copyTo(both, first.length());
        return Bytes.wrap(both);
    }

    /// Every pair.
    public static TreeMap<Bytes, Bytes> rows(Reads db) {
        var rows = new TreeMap<Bytes, Bytes>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next())
                rows.put(Bytes.copyOf(scan.key().toArray()), Bytes.copyOf(scan.value().toArray()));
        }
        return rows;
    }

    /// The keys, last one first.
    public static List<Bytes> keysDescending(Reads db) {
        var keys = new ArrayList<Bytes>();
        try (Scan scan = db.scan(KeyRange.all(), Order.DESCENDING)) {
            while (scan.next()) keys.add(Bytes.copyOf(scan.key().toArray()));
        }
        return keys;
    }

    /// Copies a database, file by file: what a crash at this moment would leave. Manifests come
    /// first, because what they name is there before they are.
    public static Path copy(Path source, Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : List.of("manifest", "compactions", "compacted", "wal")) {
            Path folder = source.resolve(name);
            if (!Files.isDirectory(folder)) continue;
            Files.createDirectories(target.resolve(name));
            try (var files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList())
                    Files.copy(file, target.resolve(name).resolve(file.getFileName()));
            }
        }
        return target;
    }
}
