/// What bytes mean: SST, block, WAL, manifest, compactions. No I/O, no threads, no clock.
module dev.holdfast.format {
    requires transitive dev.holdfast.base;
    requires com.github.luben.zstd_jni;
    requires org.lz4.java;
    requires org.xerial.snappy;

    exports dev.holdfast.format.block;
    exports dev.holdfast.format.codec;
    exports dev.holdfast.format.compactions;
    exports dev.holdfast.format.filter;
    exports dev.holdfast.format.manifest;
    exports dev.holdfast.format.row;
    exports dev.holdfast.format.sst;
    exports dev.holdfast.format.wal;
    exports dev.holdfast.format.wire;
}
