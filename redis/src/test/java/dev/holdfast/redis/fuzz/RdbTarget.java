package dev.holdfast.redis.fuzz;

import dev.holdfast.redis.rdb.RdbException;
import dev.holdfast.redis.rdb.RdbFuzzTest;
import dev.holdfast.redis.rdb.RdbReader;
import dev.holdfast.redis.rdb.RdbRecord;
import java.io.ByteArrayInputStream;
import java.util.List;

/// Snapshots. One that is wrong is refused with the place; memory follows the bytes that are there.
final class RdbTarget implements Fuzzing.Target {
    private final List<byte[]> snapshots = RdbFuzzTest.snapshots();

    @Override
    public String name() {
        return "RDB reader";
    }

    @Override
    public List<byte[]> first() {
        return snapshots;
    }

    @Override
    public List<byte[]> tokens() {
        return RespTarget.bytes(
                "\u00ff",
                "\u00fe\0",
                "\u00fd\0\0\0\0",
                "\u00fc\0\0\0\0\0\0\0\0",
                "\u00fb\1\0",
                "\u00fa\1a\1b",
                "\u00f9\5",
                "\u00f8\5",
                "\u00f7",
                "\u00f5\1x",
                "\0",
                "\1",
                "\2",
                "\3",
                "\4",
                "\5",
                "\7",
                "\u0009",
                "\u000b",
                "\u000c",
                "\r",
                "\u000e",
                "\u000f",
                "\u0010",
                "\u0011",
                "\u0012",
                "\u0013",
                "\u0014",
                "\u0015",
                "\u0080\u007f\u00ff\u00ff\u00ff",
                "\u0081\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
                "\u00c0\1",
                "\u00c1\1\1",
                "\u00c2\1\1\1\1",
                "\u00c3\4\u0040\u00ff",
                "\u00c3",
                "\u007f\u00ff",
                "\1k");
    }

    // A compressed byte can stand for 88; what is told of each part comes on top.
    @Override
    public long allocatedMax(int length) {
        return (8L << 20) + 2_000L * length;
    }

    @Override
    public String behaviour(byte[] input) {
        var told = new StringBuilder();
        long records = 0;
        try {
            var reader = RdbReader.open(new ByteArrayInputStream(input));
            for (RdbRecord next = reader.next(); next != null; next = reader.next()) {
                if (records++ < 4) told.append(next.getClass().getSimpleName()).append(' ');
                if (!(next instanceof RdbRecord.Key key)) continue;
                told.append(key.type()).append(' ');
                boolean isRead = key.key().length() % 8 != 7;
                int[] parts = new int[1];
                if (isRead) reader.value(_ -> parts[0]++);
                told.append(32 - Integer.numberOfLeadingZeros(parts[0])).append(' ');
            }
        } catch (RdbException wrong) {
            if (wrong.offset() < 0 || input.length < wrong.offset())
                throw new AssertionError("place " + wrong.offset(), wrong);
            told.append(Wording.of(wrong.getMessage()));
        }
        return told.toString();
    }
}
