/// Sockets: listen, serve, drain.
module dev.holdfast.net {
    requires transitive dev.holdfast.base;
    requires transitive dev.holdfast.lifecycle;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;

    exports dev.holdfast.net;
}
