package dev.holdfast.engine.view;

import java.util.function.LongSupplier;

/// A view and the last commit that was applied when it was current.
///
/// @param seq bounds what is to be seen: the active memtable of the view still grows
public record AppliedView(LsmView view, long seq) {
    /// The newest: the view was current before and after the number was asked for, so what was
    /// applied at the number is in it, and no version that the number sees was compacted away.
    public static AppliedView newest(ViewHolder views, LongSupplier applied) {
        while (true) {
            LsmView before = views.current();
            long seq = applied.getAsLong();
            if (before == views.current()) return new AppliedView(before, seq);
        }
    }
}
