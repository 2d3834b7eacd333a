package dev.holdfast.engine.table;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.iter.ForwardingCursor;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.wire.FormatException;
import org.jspecify.annotations.Nullable;

/// Walks the rows of one table either way, block by block, as far as they are visible.
///
/// Nothing is read before the first move. Not thread-safe.
final class TableCursor extends ForwardingCursor {
    private final SstReader table;
    private final KeyRange range;
    private final Order order;
    private final WalkPlan plan;
    private final Direction direction;
    private @Nullable SstIndex index;
    private @Nullable BlockWalk walk;
    private int number;
    private boolean isAtEnd;
    private SstReader.@Nullable Word
            word; // of the filters on the plan's prefix; null: not yet asked
    private boolean isUnproved; // admitted by them, and no row was seen

    TableCursor(SstReader table, KeyRange range, Order order, WalkPlan plan) {
        this.table = table;
        this.range = range;
        this.order = order;
        this.plan = plan;
        this.direction = order == Order.ASCENDING ? Direction.ASCENDING : Direction.DESCENDING;
    }

    @Override
    public boolean next() {
        if (isAtEnd || isRuledOut()) return false;
        if (index == null) toNearEnd();
        while (!isAtEnd) {
            if (nextInBlock()) {
                if (isVisible()) return seen();
                if (isPastVisible()) break;
            } else {
                toNextBlock();
            }
        }
        end();
        return false;
    }

    private boolean isRuledOut() {
        if (word == null) {
            word = table.wordOn(plan.prefix());
            isUnproved = word == SstReader.Word.ADMITTED;
        }
        return word == SstReader.Word.DENIED;
    }

    private boolean seen() {
        if (isUnproved) prove();
        return true;
    }

    private void prove() {
        isUnproved = false;
        if (!currentKey().startsWith(plan.prefix())) table.cache().filters().prefixes().wasInVain();
    }

    private void end() {
        if (isUnproved) table.cache().filters().prefixes().wasInVain();
        isUnproved = false;
        isAtEnd = true;
        BlockWalk walked = walk;
        if (walked != null) walked.close();
    }

    // The near end of what is visible, which need not be that of the table.
    private void toNearEnd() {
        KeyBounds visible = table.view().visible();
        Bytes near =
                visible == null
                        ? null
                        : order == Order.ASCENDING ? visible.start().key() : visible.end().key();
        if (near != null) {
            seek(near.array(), near.offset(), near.length());
        } else {
            SstIndex opened = open();
            toBlock(order == Order.ASCENDING ? 0 : opened.blockCount() - 1);
        }
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        if (isRuledOut()) return;
        SstIndex opened = open();
        seekIn(
                order == Order.ASCENDING
                        ? opened.firstBlockFor(key, offset, length)
                        : opened.lastBlockFor(key, offset, length),
                key,
                offset,
                length);
    }

    // Blocks between hold nothing but rows of the key.
    @Override
    public void seekBeyond(byte[] key, int offset, int length) {
        if (isRuledOut()) return;
        SstIndex opened = open();
        seekIn(
                order == Order.ASCENDING
                        ? opened.lastBlockFor(key, offset, length)
                        : opened.firstBlockFor(key, offset, length),
                key,
                offset,
                length);
    }

    private void seekIn(int block, byte[] key, int offset, int length) {
        SstIndex opened = open();
        isAtEnd = false;
        walk().restart();
        toBlock(block);
        try {
            current().seek(key, offset, length);
        } catch (FormatException wrong) {
            throw table.corruptBlock(opened, number, wrong);
        }
    }

    private SstIndex open() {
        SstIndex opened = index;
        if (opened == null) {
            opened = table.index();
            index = opened;
            walk = new BlockWalk(table, opened, order, farBlock(opened), plan);
        }
        return opened;
    }

    // The last block that a walk through the range comes to.
    private int farBlock(SstIndex opened) {
        Bytes far = order == Order.ASCENDING ? range.end() : range.start();
        if (far == null) return order == Order.ASCENDING ? opened.blockCount() - 1 : 0;
        return order == Order.ASCENDING
                ? opened.lastBlockFor(far.array(), far.offset(), far.length())
                : opened.firstBlockFor(far.array(), far.offset(), far.length());
    }

    private BlockWalk walk() {
        return requireNonNull(walk);
    }

    private void toNextBlock() {
        int next = order == Order.ASCENDING ? number + 1 : number - 1;
        isAtEnd = next < 0 || open().blockCount() <= next;
        if (!isAtEnd) toBlock(next);
    }

    private void toBlock(int next) {
        number = next;
        setCurrent(walk().block(next).cursor(direction));
    }

    private boolean nextInBlock() {
        RowCursor rows = current();
        try {
            return rows.next();
        } catch (FormatException wrong) {
            throw table.corruptBlock(open(), number, wrong);
        }
    }

    private boolean isVisible() {
        KeyBounds visible = table.view().visible();
        return visible == null || visible.contains(currentKey());
    }

    private boolean isPastVisible() {
        return order == Order.ASCENDING
                ? table.lastKey().compareTo(currentKey()) < 0
                : currentKey().compareTo(table.firstKey()) < 0;
    }

    private Bytes currentKey() {
        return Bytes.wrap(keyArray(), keyOffset(), keyLength());
    }

    @Override
    public void close() {
        isUnproved = false;
        end();
    }
}
