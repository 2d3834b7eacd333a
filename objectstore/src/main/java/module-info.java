/// Immutable objects under names, with conditional create.
@SuppressWarnings("module") // the modules that bring a store stand above this one
module dev.holdfast.objectstore {
    requires transitive dev.holdfast.base;
    requires transitive dev.holdfast.lifecycle;
    requires jdk.jfr;

    uses dev.holdfast.objectstore.api.StoreProvider;

    exports dev.holdfast.objectstore;
    exports dev.holdfast.objectstore.api;
    exports dev.holdfast.objectstore.fault;
    exports dev.holdfast.objectstore.local;
    exports dev.holdfast.objectstore.remote to
            dev.holdfast.azure,
            dev.holdfast.s3;
    exports dev.holdfast.objectstore.retry to
            dev.holdfast.azure,
            dev.holdfast.s3;
}
