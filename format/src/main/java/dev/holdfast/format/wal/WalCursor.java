package dev.holdfast.format.wal;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.format.block.Block;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.SstIndex;

/// Walks the rows of a WAL object in the order of their writing; checks that no sequence number
/// falls, and that each block begins with the one that the index says.
final class WalCursor implements RowCursor {
    private final Block[] blocks;
    private final SstIndex index;
    private int nextBlock;
    private RowCursor rows;
    private long lastSeq;

    WalCursor(Block[] blocks, SstIndex index) {
        this.blocks = blocks;
        this.index = index;
        rows = blocks[0].cursor(Direction.ASCENDING);
        nextBlock = 1;
        lastSeq = index.firstSeq(0);
        require(0 < lastSeq, "wal first seq out of range", lastSeq);
        checkFirst(0);
    }

    @Override
    public boolean next() {
        while (!rows.next()) {
            if (nextBlock == blocks.length) return false;
            checkFirst(nextBlock);
            rows = blocks[nextBlock++].cursor(Direction.ASCENDING);
        }
        long seq = rows.seq();
        require(lastSeq <= seq, "wal seq falls", seq);
        lastSeq = seq;
        return true;
    }

    private void checkFirst(int block) {
        RowCursor first = blocks[block].cursor(Direction.ASCENDING);
        require(first.next(), "wal block without rows", block);
        require(first.seq() == index.firstSeq(block), "wal block seq differs from index", block);
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        throw new UnsupportedOperationException("a wal object is not in key order");
    }

    @Override
    public byte[] keyArray() {
        return rows.keyArray();
    }

    @Override
    public int keyOffset() {
        return rows.keyOffset();
    }

    @Override
    public int keyLength() {
        return rows.keyLength();
    }

    @Override
    public byte[] valueArray() {
        return rows.valueArray();
    }

    @Override
    public int valueOffset() {
        return rows.valueOffset();
    }

    @Override
    public int valueLength() {
        return rows.valueLength();
    }

    @Override
    public long seq() {
        return rows.seq();
    }

    @Override
    public int flags() {
        return rows.flags();
    }

    @Override
    public long expireAtMillis() {
        return rows.expireAtMillis();
    }

    @Override
    public long createdAtMillis() {
        return rows.createdAtMillis();
    }

    @Override
    public void close() {}
}
