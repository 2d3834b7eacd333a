package dev.holdfast.app.inspect;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.console.Output;
import dev.holdfast.base.Bytes;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.LinkedHashMap;
import java.util.Map;

/// Prints rows as they are stored, one a line.
public final class Rows {
    /// How lines look.
    public enum Form {
        TEXT,
        JSON
    }

    private final Output out;
    private final Form form;
    private long left;

    public Rows(Output out, Form form, long limit) {
        this.out = out;
        this.form = form;
        this.left = limit;
    }

    /// Prints the rows of `cursor`, as far as the limit goes.
    public void print(RowCursor cursor) {
        while (0 < left && cursor.next()) {
            left--;
            Bytes key = Bytes.wrap(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength());
            Bytes value =
                    Bytes.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
            if (form == Form.JSON) out.json(object(cursor, key, value));
            else out.line(line(cursor, key, value));
        }
    }

    private static String line(RowCursor row, Bytes key, Bytes value) {
        var line = new StringBuilder();
        line.append("  seq=").append(row.seq()).append("  ").append(kindOf(row));
        line.append("  ").append(Escapes.show(key));
        if ((row.flags() & RowFlags.TOMBSTONE) == 0) line.append('\t').append(Escapes.show(value));
        if ((row.flags() & RowFlags.HAS_EXPIRY) != 0)
            line.append("  expireAt=").append(row.expireAtMillis());
        return line.toString();
    }

    private static Map<String, Object> object(RowCursor row, Bytes key, Bytes value) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("seq", row.seq());
        object.put("kind", kindOf(row));
        Output.put(object, "key", key);
        if ((row.flags() & RowFlags.TOMBSTONE) == 0) Output.put(object, "value", value);
        if ((row.flags() & RowFlags.HAS_EXPIRY) != 0) object.put("expireAt", row.expireAtMillis());
        if ((row.flags() & RowFlags.HAS_CREATION) != 0)
            object.put("createdAt", row.createdAtMillis());
        return object;
    }

    private static String kindOf(RowCursor row) {
        if ((row.flags() & RowFlags.TOMBSTONE) != 0) return "delete";
        return (row.flags() & RowFlags.MERGE) != 0 ? "merge" : "put";
    }
}
