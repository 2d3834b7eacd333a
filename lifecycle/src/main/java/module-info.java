/// Life and stop of a service: start in order, stop in order, within a bound, with a report.
@SuppressWarnings("module") // the modules that may mint durable positions stand above this one
module dev.holdfast.lifecycle {
    requires transitive dev.holdfast.base;
    requires jdk.jfr;
    requires jdk.unsupported; // signals, by reflection

    exports dev.holdfast.lifecycle;
    exports dev.holdfast.lifecycle.gate;
    exports dev.holdfast.lifecycle.wait;
    exports dev.holdfast.lifecycle.durable to
            dev.holdfast.objectstore,
            dev.holdfast.azure,
            dev.holdfast.s3,
            dev.holdfast.engine;
}
