package dev.holdfast.objectstore.remote;

import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable.Reason;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;

/// A request that was not answered with success: what it says of the object, and of the store.
///
/// @param text for a person, without secrets
public record Failure(Verdict verdict, Pace pace, String text, Throwable cause) {
    private static final int TEXT_MAX = 300;

    // Client libraries have types of their own for a connection that did not come about.
    private static final Set<String> NO_CONNECTION =
            Set.of(
                    "ConnectTimeoutException",
                    "ConnectionRequestTimeoutException",
                    "HttpConnectTimeoutException");

    public Failure {
        String line = text.replaceAll("\\s+", " ");
        text = line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX) + "...";
    }

    /// What the store asks of our pace.
    public enum Pace {
        STEADY,
        SLOWER
    }

    /// A request that no answer came to: not done if there was no connection to send it by, unknown
    /// otherwise.
    public static Failure unanswered(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException)
                return of(Verdict.REFUSED, "the store's certificate is not accepted: ", exception);
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException
                    || NO_CONNECTION.contains(cause.getClass().getSimpleName()))
                return of(Verdict.NOT_DONE, "no connection: ", exception);
        }
        return of(Verdict.UNKNOWN, "", exception);
    }

    /// A failure that asks nothing of our pace, told by its innermost cause.
    public static Failure of(Verdict verdict, String text, Throwable exception) {
        return new Failure(verdict, Pace.STEADY, text + innermost(exception), exception);
    }

    /// Thrown for a request that was not done, or whose outcome changes nothing.
    public ObjectStoreException toException(String name) {
        String message = text + ". name=`" + name + "`";
        return switch (verdict) {
            case REFUSED, ABSENT, TAKEN, BEYOND_END -> new Refused(message, cause);
            case NOT_DONE, UNKNOWN, NO_UPLOAD -> new Unavailable(message, cause, reason());
        };
    }

    private Reason reason() {
        if (pace == Pace.SLOWER) return Reason.SLOW_DOWN;
        return verdict == Verdict.NOT_DONE ? Reason.NOT_DONE : Reason.NO_ANSWER;
    }

    private static String innermost(Throwable exception) {
        Throwable cause = exception;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
