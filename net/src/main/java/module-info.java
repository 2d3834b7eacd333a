/// Sockets: listen, serve, drain.
module dev.holdfast.net {
    requires transitive dev.holdfast.base;
    requires transitive dev.holdfast.lifecycle;
}
