/// What bytes mean: SST, block, WAL, manifest, compactions. No I/O, no threads, no clock.
@SuppressWarnings("module") // the modules that read and write these bytes stand above this one
module dev.holdfast.format {
    requires transitive dev.holdfast.base;
    requires static com.github.luben.zstd_jni;
    requires static org.lz4.java;
    requires static org.xerial.snappy;

    exports dev.holdfast.format.block to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.codec to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.compactions to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.filter to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.local to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.manifest to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.row to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.seal to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.sst to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.wal to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.wire to
            dev.holdfast.engine,
            dev.holdfast.app,
            dev.holdfast.simulation;
    exports dev.holdfast.format.work to
            dev.holdfast.engine,
            dev.holdfast.simulation;
}
