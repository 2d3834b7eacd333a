/// The front door: main, verbs, wiring.
module dev.holdfast.app {
    requires dev.holdfast.redis;
    requires dev.holdfast.engine;
    requires dev.holdfast.format;
}
