/// What bytes mean: SST, block, WAL, manifest, compactions. No I/O, no threads, no clock.
module dev.holdfast.format {
    requires transitive dev.holdfast.base;
    requires com.github.luben.zstd_jni;
    requires org.lz4.java;
    requires org.xerial.snappy;

    exports dev.holdfast.format.row;
}
