package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;

/// What is said to those who are not let in.
public final class Refusals {
    /// To one connection too many.
    public static final Bytes TOO_MANY = Bytes.utf8("-ERR max number of clients reached\r\n");

    /// To whoever has come in while the server stops: what most clients ask again on.
    static final Bytes STOPPING = Bytes.utf8("-LOADING the server stops, ask again\r\n");

    /// To a client from elsewhere while there is no password.
    static final String PROTECTED =
            "DENIED Redis is running in protected mode because protected mode is enabled and no"
                    + " password is set for the default user. In this mode connections are only"
                    + " accepted from the loopback interface. If you want to connect from external"
                    + " computers to Redis you may adopt one of the following solutions: 1) Just"
                    + " disable protected mode sending the command 'CONFIG SET protected-mode no'"
                    + " from the loopback interface by connecting to Redis from the same host the"
                    + " server is running, however MAKE SURE Redis is not publicly accessible from"
                    + " internet if you do so. 2) Alternatively you can just disable the protected"
                    + " mode in the configuration, and then restart the server. 3) Setup an"
                    + " authentication password for the default user. NOTE: You only need to do one"
                    + " of the above things in order for the server to start accepting connections"
                    + " from the outside.";

    private Refusals() {}
}
