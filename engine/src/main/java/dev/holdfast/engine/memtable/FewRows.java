package dev.holdfast.engine.memtable;

import dev.holdfast.engine.api.Order;

/// Walks either way through some rows of a memtable that were picked out, as few lie where somebody
/// looks. Shows no row that was added later.
final class FewRows extends EntryCursor {
    private final SkipList list;
    private final int[] nodes;
    private final Order order;
    private int at; // index of the row that this stands on; one outside at either end

    /// @param nodes in the order of the list
    FewRows(SkipList list, EntryArena entries, int[] nodes, Order order) {
        super(entries);
        this.list = list;
        this.nodes = nodes;
        this.order = order;
        at = order == Order.ASCENDING ? -1 : nodes.length;
    }

    @Override
    public boolean next() {
        int next = order == Order.ASCENDING ? at + 1 : at - 1;
        if (next < 0 || nodes.length <= next) return false;
        at = next;
        stand(list.entry(nodes[at]));
        return true;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        int to = offset + length;
        at =
                switch (order) {
                    case ASCENDING -> countBelow(key, offset, to, 0) - 1;
                    case DESCENDING -> countBelow(key, offset, to, 1);
                };
    }

    @Override
    public void seekBeyond(byte[] key, int offset, int length) {
        int to = offset + length;
        at =
                switch (order) {
                    case ASCENDING -> countBelow(key, offset, to, 1) - 1;
                    case DESCENDING -> countBelow(key, offset, to, 0);
                };
    }

    // How many rows have a key below that from `from` to `to`; with `above` 1 the key's own count.
    private int countBelow(byte[] key, int from, int to, int above) {
        int low = 0;
        int high = nodes.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (list.compareKey(nodes[middle], key, from, to) < above) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    @Override
    public void close() {
        at = order == Order.ASCENDING ? nodes.length : -1;
    }
}
