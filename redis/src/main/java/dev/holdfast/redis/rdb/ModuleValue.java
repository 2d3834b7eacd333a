package dev.holdfast.redis.rdb;

import dev.holdfast.redis.rdb.RdbException.Damaged;
import dev.holdfast.redis.rdb.RdbException.Unsupported;

/// What a module has left in a snapshot: numbers and strings that it alone understands, with an end
/// that everybody can find.
final class ModuleValue {
    private static final int END = 0;
    private static final int SIGNED = 1;
    private static final int UNSIGNED = 2;
    private static final int FLOAT = 3;
    private static final int DOUBLE = 4;
    private static final int STRING = 5;
    private static final int NAME_LENGTH = 9;
    private static final int VERSION_BITS = 10;
    private static final String LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private ModuleValue() {}

    /// Reads the value of a module as far as that is possible, and refuses it.
    static void refuse(RdbInput in, RdbType type) {
        long at = in.offset();
        String name = name(in.length());
        if (type == RdbType.MODULE_PRE_GA)
            throw new Damaged("value of a module without end. module=`" + name + "`", at);
        skip(in);
        throw new Unsupported("value of a module. module=`" + name + "`", at);
    }

    /// Reads what a module keeps beside all keys, and returns the module's name.
    static String skipAside(RdbInput in) {
        String name = name(in.length());
        long at = in.offset();
        if (in.length() != UNSIGNED) throw new Damaged("module's part without its time", at);
        in.length();
        skip(in);
        return name;
    }

    private static void skip(RdbInput in) {
        while (true) {
            long at = in.offset();
            switch ((int) Math.min(in.length(), Integer.MAX_VALUE)) {
                case END -> {
                    return;
                }
                case SIGNED, UNSIGNED -> in.length();
                case FLOAT -> in.le32();
                case DOUBLE -> in.le64();
                case STRING -> in.pieces(_ -> {});
                default -> throw new Damaged("module's part unknown", at);
            }
        }
    }

    /// The name in the number by which snapshots know a module: nine letters of six bits.
    private static String name(long id) {
        var name = new StringBuilder();
        for (int i = 0; i < NAME_LENGTH; i++)
            name.append(LETTERS.charAt((int) (id >>> VERSION_BITS + 6 * i) & 0x3f));
        return name.reverse().toString();
    }
}
