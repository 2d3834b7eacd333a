package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaFunction;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Values;
import org.jspecify.annotations.Nullable;

/// `table`.
public final class TableLibrary {
    private static final int STEPS_AT_ONCE = 1024;

    private TableLibrary() {}

    /// `table`.
    public static LuaTable table() {
        return Library.shared()
                .with("concat", TableLibrary::concat)
                .with("foreach", TableLibrary::forEach)
                .with("foreachi", TableLibrary::forEachIndex)
                .with("getn", call -> one((double) call.table(1).length()))
                .with("insert", TableLibrary::insert)
                .with("maxn", TableLibrary::largestIndex)
                .with("remove", TableLibrary::remove)
                .with("setn", TableLibrary::setLength)
                .with("sort", TableLibrary::sort)
                .table();
    }

    private static @Nullable Object[] concat(Call call) {
        LuaTable table = call.table(1);
        LuaString separator = call.string(2, LuaString.EMPTY);
        int from = call.small(3, 1);
        int to = call.isNone(4) ? table.length() : call.small(4);
        var text = new TextBuffer(call.machine());
        for (int i = from; i <= to; i++) {
            LuaString part = Values.stringOrNull(table.get(i));
            if (part == null) throw notText(table.get(i), i);
            text.add(part);
            if (i == to) break;
            text.add(separator);
        }
        return one(text.done());
    }

    private static LuaError notText(@Nullable Object value, int index) {
        return LuaError.located(
                "invalid value ("
                        + Values.typeOf(value)
                        + ") at index "
                        + index
                        + " in table for 'concat'");
    }

    private static @Nullable Object[] forEach(Call call) {
        LuaTable table = call.table(1);
        LuaFunction visitor = call.function(2);
        for (int place = table.after(null); 0 <= place; ) {
            Object key = table.keyAt(place);
            Object stop = Machine.first(call.machine().call(visitor, key, table.valueAt(place)));
            if (stop != null) return one(stop);
            place = table.after(key);
        }
        return HostFunction.NOTHING;
    }

    private static @Nullable Object[] forEachIndex(Call call) {
        LuaTable table = call.table(1);
        LuaFunction visitor = call.function(2);
        int length = table.length();
        for (int i = 1; i <= length; i++) {
            Object stop = Machine.first(call.machine().call(visitor, (double) i, table.get(i)));
            if (stop != null) return one(stop);
        }
        return HostFunction.NOTHING;
    }

    private static @Nullable Object[] insert(Call call) {
        LuaTable table = call.table(1);
        int end = table.length() + 1;
        switch (call.count()) {
            case 2 -> table.set(end, call.at(2));
            case 3 -> {
                int place = call.small(2);
                moveUp(call, table, place, end);
                table.set(place, call.at(3));
            }
            default -> throw LuaError.located("wrong number of arguments to 'insert'");
        }
        return HostFunction.NOTHING;
    }

    // A place far below zero makes this long: others get their turns meanwhile.
    private static void moveUp(Call call, LuaTable table, int place, int end) {
        for (int i = end; place < i; i--) {
            table.set(i, table.get(i - 1));
            if (i % STEPS_AT_ONCE == 0) call.machine().steps(STEPS_AT_ONCE);
        }
    }

    private static @Nullable Object[] remove(Call call) {
        LuaTable table = call.table(1);
        int end = table.length();
        int place = call.small(2, end);
        if (place < 1 || end < place) return HostFunction.NOTHING;
        Object removed = table.get(place);
        for (int i = place; i < end; i++) table.set(i, table.get(i + 1));
        call.machine().steps(end - place);
        table.set(end, null);
        return one(removed);
    }

    private static @Nullable Object[] largestIndex(Call call) {
        LuaTable table = call.table(1);
        double largest = 0;
        for (int place = table.after(null); 0 <= place; ) {
            Object key = table.keyAt(place);
            if (key instanceof Double number && largest < number) largest = number;
            place = table.after(key);
        }
        return one(largest);
    }

    private static @Nullable Object[] setLength(Call call) {
        call.table(1);
        throw LuaError.located("'setn' is obsolete");
    }

    private static @Nullable Object[] sort(Call call) {
        LuaTable table = call.table(1);
        int length = table.length();
        LuaFunction order = call.isNone(2) ? null : call.function(2);
        new Sorting(call.machine(), table, order).sort(1, length);
        return HostFunction.NOTHING;
    }

    /// The quicksort of Lua 5.1: the order of comparisons can be seen by scripts.
    private record Sorting(Machine machine, LuaTable table, @Nullable LuaFunction order) {
        void sort(int from, int to) {
            int low = from;
            int high = to;
            while (low < high) {
                swapUnlessOrdered(low, high);
                if (high - low == 1) return;
                int middle = (low + high) / 2;
                if (isLess(table.get(middle), table.get(low))) swap(middle, low);
                else if (isLess(table.get(high), table.get(middle))) swap(middle, high);
                if (high - low == 2) return;
                int pivot = partition(low, high, middle);
                if (pivot - low < high - pivot) {
                    sort(low, pivot - 1);
                    low = pivot + 1;
                } else {
                    sort(pivot + 1, high);
                    high = pivot - 1;
                }
            }
        }

        private int partition(int low, int high, int middle) {
            Object pivot = table.get(middle);
            swap(middle, high - 1);
            int left = low;
            int right = high - 1;
            while (true) {
                while (isLess(table.get(++left), pivot)) if (high < left) throw invalid();
                while (isLess(pivot, table.get(--right))) if (right < low) throw invalid();
                if (right < left) break;
                swap(left, right);
            }
            swap(high - 1, left);
            return left;
        }

        private static LuaError invalid() {
            return LuaError.located("invalid order function for sorting");
        }

        private void swapUnlessOrdered(int low, int high) {
            if (isLess(table.get(high), table.get(low))) swap(low, high);
        }

        private void swap(int one, int other) {
            Object kept = table.get(one);
            table.set(one, table.get(other));
            table.set(other, kept);
        }

        private boolean isLess(@Nullable Object a, @Nullable Object b) {
            machine.steps(1);
            return order == null
                    ? machine.metamethods().isLess(a, b)
                    : Values.isTrue(Machine.first(machine.call(order, a, b)));
        }
    }
}
