package dev.holdfast.objectstore.remote;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.objectstore.remote.Failure.Pace;
import java.util.function.Supplier;

/// Lets requests to one server through: as many at a time as the server bears, each counted.
/// Thread-safe.
public final class Requests {
    private final RequestLimits limits;
    private final Pacer pacer;
    private final Tally tally = new Tally();

    public Requests(RequestLimits limits, Env env) {
        this.limits = limits;
        pacer = new Pacer(limits.requestsMax(), env);
    }

    /// Sends one request, once, as soon as there is a place for it.
    public <T> Answer<T> send(RequestKind kind, Supplier<Answer<T>> request) {
        pacer.begin(limits.attempt());
        tally.requested(kind);
        try {
            Answer<T> answer = request.get();
            switch (answer) {
                case Answer.Given<T> _ -> pacer.succeeded();
                case Answer.Failed<T>(Failure failure) -> {
                    tally.failed(failure);
                    if (failure.pace() == Pace.SLOWER) pacer.slowedDown();
                }
            }
            return answer;
        } finally {
            pacer.end();
        }
    }

    /// Counts a body that was received.
    public void read(long bytes) {
        tally.read(bytes);
    }

    /// Counts a body that was sent with success.
    public void written(long bytes) {
        tally.written(bytes);
    }

    public RequestLimits limits() {
        return limits;
    }

    public StoreTraffic traffic() {
        return tally.traffic();
    }

    /// An answer that makes no sense is none.
    public static Unavailable senseless(String what, String name) {
        return new Unavailable(what + ". name=`" + name + "`", null);
    }
}
