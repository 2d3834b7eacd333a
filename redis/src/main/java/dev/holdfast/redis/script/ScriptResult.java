package dev.holdfast.redis.script;

import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ReplyWriter.Truth;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a script returned, as the reply that clients get. Used by one script, once.
///
/// A table may stand in itself many times over: what is answered counts however often it stands
/// there.
final class ScriptResult {
    private static final int DEPTH_MAX = 250;
    private static final long REPLY_BYTES = 48;

    private final Machine machine;
    private final Protocol protocol;
    private long bytes;

    /// @param protocol that the script has chosen
    ScriptResult(Machine machine, Protocol protocol) {
        this.machine = machine;
        this.protocol = protocol;
    }

    Reply of(@Nullable Object value) {
        return of(value, 0);
    }

    private Reply of(@Nullable Object value, int depth) {
        bytes += REPLY_BYTES;
        if (machine.memory().max() < bytes) throw LuaError.bare("not enough memory");
        machine.steps(1);
        return switch (value) {
            case LuaString text -> Reply.bulk(text.toBytes());
            case Double number -> Reply.integer(Values.integer(number));
            case Boolean truth -> of(truth);
            case LuaTable table -> of(table, depth + 1);
            case null, default -> Reply.NULL;
        };
    }

    private Reply of(Boolean truth) {
        if (protocol == Protocol.RESP3) return Reply.truth(truth ? Truth.YES : Truth.NO);
        return truth ? Reply.ONE : Reply.NULL;
    }

    private Reply of(LuaTable table, int depth) {
        if (DEPTH_MAX < depth) return Reply.error("ERR reached lua stack limit");
        if (table.get(LuaReplies.ERR) instanceof LuaString error) return failure(error);
        if (table.get(LuaReplies.OK) instanceof LuaString status)
            return Reply.simple(oneLine(status));
        if (table.get(LuaReplies.DOUBLE) instanceof Double number) return Reply.real(number);
        if (table.get(LuaReplies.MAP) instanceof LuaTable map) return map(map, depth);
        if (table.get(LuaReplies.SET) instanceof LuaTable set) return set(set, depth);
        if (table.get(LuaReplies.BIG_NUMBER) instanceof LuaString digits)
            return Reply.bigNumber(oneLine(digits));
        if (table.get(LuaReplies.VERBATIM) instanceof LuaTable verbatim) {
            Reply reply = verbatim(verbatim);
            if (reply != null) return reply;
        }
        List<Reply> elements = new ArrayList<>();
        for (int i = 1; table.get(i) != null; i++) elements.add(of(table.get(i), depth));
        return Reply.array(elements);
    }

    private static Reply failure(LuaString error) {
        String text = oneLine(error);
        return Reply.error(text.startsWith("-") ? text.substring(1) : text);
    }

    static String oneLine(LuaString text) {
        return text.text().replace('\r', ' ').replace('\n', ' ');
    }

    private Reply map(LuaTable map, int depth) {
        List<Reply> inTurn = new ArrayList<>();
        for (int place = map.after(null); 0 <= place; place = map.after(map.keyAt(place))) {
            inTurn.add(of(map.keyAt(place), depth));
            inTurn.add(of(map.valueAt(place), depth));
        }
        return Reply.map(inTurn);
    }

    private Reply set(LuaTable set, int depth) {
        List<Reply> members = new ArrayList<>();
        for (int place = set.after(null); 0 <= place; place = set.after(set.keyAt(place)))
            members.add(of(set.keyAt(place), depth));
        return Reply.set(members);
    }

    private static @Nullable Reply verbatim(LuaTable verbatim) {
        boolean isWhole =
                verbatim.get(LuaReplies.FORMAT) instanceof LuaString
                        && verbatim.get(LuaReplies.STRING) instanceof LuaString;
        if (!isWhole) return null;
        var format = (LuaString) java.util.Objects.requireNonNull(verbatim.get(LuaReplies.FORMAT));
        var text = (LuaString) java.util.Objects.requireNonNull(verbatim.get(LuaReplies.STRING));
        return Reply.verbatim((format.text() + "   ").substring(0, 3), text.toBytes());
    }
}
