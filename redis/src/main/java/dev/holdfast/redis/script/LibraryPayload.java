package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.DumpPayload;
import dev.holdfast.redis.rdb.Opcode;
import dev.holdfast.redis.rdb.RdbException;
import dev.holdfast.redis.rdb.RdbInput;
import dev.holdfast.redis.rdb.RdbOutput;
import dev.holdfast.redis.resp.RespError;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;

/// What FUNCTION DUMP answers and FUNCTION RESTORE takes: the sources of libraries, as they stand
/// in a snapshot, and what it takes to trust them.
final class LibraryPayload {
    private LibraryPayload() {}

    /// The payload with `sources`.
    static Bytes of(List<Bytes> sources) {
        var payload = new ByteArrayOutputStream();
        var out = new RdbOutput(payload);
        for (Bytes source : sources) {
            out.u8(Opcode.FUNCTIONS.tag());
            out.string(source);
        }
        DumpPayload.end(out);
        return Bytes.wrap(payload.toByteArray());
    }

    /// Tells the sources in `payload` in turn. An error if it is no payload, once all before what
    /// is wrong was told.
    static void read(Bytes payload, Consumer<Bytes> visitor) {
        Bytes trusted = DumpPayload.open(payload);
        if (trusted == null) throw new RespError("ERR DUMP payload version or checksum are wrong");
        var in = RdbInput.of(trusted);
        while (in.offset() < trusted.length()) {
            Opcode opcode = Opcode.ofTag(in.u8());
            if (opcode == Opcode.FUNCTIONS_PRE_GA)
                throw new RespError("ERR Pre-GA function format not supported");
            if (opcode != Opcode.FUNCTIONS) throw new RespError("ERR given type is not a function");
            visitor.accept(source(in));
        }
    }

    private static Bytes source(RdbInput in) {
        try {
            return in.string();
        } catch (RdbException wrong) {
            throw new RespError("ERR Failed loading library payload");
        }
    }
}
