/// The LSM tree whose disk is an object store.
module dev.holdfast.engine {
    requires transitive dev.holdfast.base;
    requires transitive dev.holdfast.lifecycle;
    requires transitive dev.holdfast.objectstore;
    requires dev.holdfast.format;
    requires jdk.jfr;

    exports dev.holdfast.engine;
    exports dev.holdfast.engine.api;
    exports dev.holdfast.engine.api.upkeep;
    exports dev.holdfast.engine.local;
}
