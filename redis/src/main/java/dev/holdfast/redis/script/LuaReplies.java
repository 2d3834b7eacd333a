package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.resp.ReplyWriter.Truth;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Replies as values of Lua, in the protocol that a script has chosen. Used by one script.
record LuaReplies(Machine machine, Protocol protocol) {
    static final LuaString ERR = LuaString.of("err");
    static final LuaString OK = LuaString.of("ok");
    static final LuaString DOUBLE = LuaString.of("double");
    static final LuaString MAP = LuaString.of("map");
    static final LuaString SET = LuaString.of("set");
    static final LuaString BIG_NUMBER = LuaString.of("big_number");
    static final LuaString VERBATIM = LuaString.of("verbatim_string");
    static final LuaString STRING = LuaString.of("string");
    static final LuaString FORMAT = LuaString.of("format");
    private static final LuaString COUNTED = LuaString.of("ignore_error_stats_update");

    /// What scripts see of `reply`.
    @Nullable Object of(Reply reply) {
        return switch (reply) {
            case Reply.Simple simple -> field(OK, LuaString.of(simple.text()));
            case Reply.Failure failure -> error(failure.text());
            case Reply.Whole whole -> (double) whole.value();
            case Reply.Bulk bulk -> text(bulk.value());
            case Reply.Null _ -> none();
            case Reply.NullArray _ -> none();
            case Reply.Silence _ -> none();
            case Reply.Array array -> array(array.elements());
            case Reply.Push push -> array(push.elements());
            case Reply.Pairs pairs ->
                    is3() ? map(pairs.keysAndValues()) : array(pairs.keysAndValues());
            case Reply.Unordered set -> is3() ? set(set.elements()) : array(set.elements());
            case Reply.Dictionary dictionary ->
                    is3() ? map(dictionary.namesAndValues()) : twos(dictionary.namesAndValues());
            case Reply.Couples couples -> is3() ? twos(couples.inTurn()) : array(couples.inTurn());
            case Reply.Real real -> number(real.value(), ReplyWriter.textOf(real.value()));
            case Reply.Decimal decimal ->
                    number(is3() ? Double.parseDouble(decimal.text()) : 0, decimal.text());
            case Reply.Truthful truthful -> {
                boolean isYes = truthful.value() == Truth.YES;
                yield is3() ? (Object) isYes : isYes ? 1.0 : 0.0;
            }
            case Reply.Verbatim verbatim -> verbatim("txt", Bytes.utf8(verbatim.text()));
            case Reply.Formatted formatted -> verbatim(formatted.format(), formatted.text());
            case Reply.BigNumber number -> {
                LuaString digits = LuaString.of(number.digits());
                yield is3() ? field(BIG_NUMBER, digits) : digits;
            }
        };
    }

    /// The error `text`, code and all, as the table that scripts see.
    LuaTable error(String text) {
        LuaTable table = field(ERR, LuaString.of(text));
        table.set(COUNTED, true);
        return table;
    }

    private boolean is3() {
        return protocol == Protocol.RESP3;
    }

    private @Nullable Object none() {
        return is3() ? null : (Object) false;
    }

    private LuaString text(Bytes bytes) {
        machine.memory().charge(bytes.length() + 48L);
        return LuaString.of(bytes);
    }

    private LuaTable field(LuaString name, Object value) {
        LuaTable table = machine.table();
        table.set(name, value);
        return table;
    }

    private Object number(double value, String text) {
        return is3() ? field(DOUBLE, value) : LuaString.of(text);
    }

    private Object verbatim(String format, Bytes text) {
        if (!is3()) return text(text);
        LuaTable inner = field(STRING, text(text));
        inner.set(FORMAT, LuaString.of(format));
        return field(VERBATIM, inner);
    }

    private LuaTable array(List<Reply> elements) {
        var table = new LuaTable(machine.memory(), elements.size(), 0);
        machine.steps(elements.size());
        for (int i = 0; i < elements.size(); i++) table.set(i + 1, of(elements.get(i)));
        return table;
    }

    private LuaTable twos(List<Reply> inTurn) {
        var table = new LuaTable(machine.memory(), inTurn.size() / 2, 0);
        for (int i = 0; i < inTurn.size(); i += 2)
            table.set(i / 2 + 1, array(inTurn.subList(i, i + 2)));
        return table;
    }

    private LuaTable map(List<Reply> inTurn) {
        LuaTable table = machine.table();
        for (int i = 0; i < inTurn.size(); i += 2) {
            Object key = of(inTurn.get(i));
            if (key != null) table.set(key, of(inTurn.get(i + 1)));
        }
        return field(MAP, table);
    }

    private LuaTable set(List<Reply> elements) {
        LuaTable table = machine.table();
        for (Reply element : elements) {
            Object member = of(element);
            if (member != null) table.set(member, true);
        }
        return field(SET, table);
    }
}
