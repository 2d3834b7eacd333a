/// The front door: main, verbs, wiring.
module dev.holdfast.app {
    requires dev.holdfast.engine;
    requires dev.holdfast.format;
    requires dev.holdfast.redis;
    requires info.picocli;
    requires jdk.httpserver;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    opens dev.holdfast.app.verb to
            info.picocli;
    opens dev.holdfast.app.verb.change to
            info.picocli;
    opens dev.holdfast.app.verb.look to
            info.picocli;
    opens dev.holdfast.app.verb.word to
            info.picocli;
}
