/// Immutable objects under names, with conditional create.
module dev.holdfast.objectstore {
    requires transitive dev.holdfast.base;
    requires transitive dev.holdfast.lifecycle;

    exports dev.holdfast.objectstore;
    exports dev.holdfast.objectstore.api;
    exports dev.holdfast.objectstore.fault;
    exports dev.holdfast.objectstore.local;
}
