package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import java.util.List;

/// The database as it stood at one commit, whatever is written meanwhile; it remembers what was
/// looked at.
///
/// Thread-safe as far as [Reads] is, but [#observedSeq] is meant for the one command that the view
/// was taken for. Close it: it holds memtables and tables alive.
///
/// ```java
/// try (ReadView view = db.view()) {
///     Bytes one = view.get(Bytes.utf8("account/ann"));
///     Bytes other = view.get(Bytes.utf8("account/bob"));       // of the same moment
/// }
/// ```
public interface ReadView extends Reads, AutoCloseable {
    /// The sequence number of the last commit that the view shows.
    long seq();

    /// The highest sequence number of any row that reads through this view depended on, tombstones
    /// included; 0 if they depended on none. What was read is safe from a crash once this is
    /// durable.
    long observedSeq();

    /// Like [#observedSeq], but of the reads since this was asked last, as far as that is known.
    default long observedLately() {
        return observedSeq();
    }

    /// From now on [#get] and scans go no further than memory, scans as far as that is known: where
    /// they would, they throw [OutOfReach]. So does [#get] of a value of more than 64 KiB.
    default void keepToMemory() {}

    /// These keys will be asked for soon. A hint: what memory holds of some of them is brought
    /// near, with less waiting than for one after the other. It counts as no read.
    default void expect(List<Bytes> keys) {}

    @Override
    void close();

    /// What was asked of a view that keeps to memory lies beyond it: it can be asked of another
    /// view, by whoever may wait for a store.
    ///
    /// ```java
    /// try (ReadView view = db.view()) {
    ///     view.keepToMemory();
    ///     Bytes value = view.get(Bytes.utf8("account/ann"));
    /// } catch (ReadView.OutOfReach far) {
    ///     // asked again, on a thread that may wait
    /// }
    /// ```
    final class OutOfReach extends RuntimeException {
        private static final long serialVersionUID = 1;

        public OutOfReach() {
            super("not in memory", null, false, false);
        }
    }
}
