package dev.holdfast.s3;

import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// A request that was not answered with success: what it says of the object, and of the store.
///
/// @param text for a person, without secrets
record Failure(Verdict verdict, Pace pace, String text, SdkException cause) {
    private static final int TEXT_MAX = 300;

    // The store knows the request and says that it did not do it; the next may find things mended.
    private static final Set<String> NOT_DONE =
            Set.of(
                    "RequestTimeTooSkewed",
                    "BadDigest",
                    "IncompleteBody",
                    "XAmzContentSHA256Mismatch");
    private static final Set<String> SLOW_DOWN =
            Set.of(
                    "SlowDown",
                    "TooManyRequests",
                    "RequestLimitExceeded",
                    "Throttling",
                    "ServerBusy");

    /// What the store asks of our pace.
    enum Pace {
        STEADY,
        SLOWER
    }

    static Failure of(SdkException exception) {
        return exception instanceof AwsServiceException answer
                ? answered(answer)
                : unanswered(exception);
    }

    /// Thrown for a request that was not done, or whose outcome changes nothing.
    ObjectStoreException toException(String name) {
        String message = text + ". name=`" + name + "`";
        return switch (verdict) {
            case REFUSED, ABSENT, TAKEN, BEYOND_END -> new Refused(message, cause);
            case NOT_DONE, UNKNOWN, NO_UPLOAD -> new Unavailable(message, cause);
        };
    }

    private static Failure answered(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "" : details.errorCode();
        int status = answer.statusCode();
        boolean isSlowDown = status == 503 || status == 429 || SLOW_DOWN.contains(code);
        String said = details == null ? null : details.errorMessage();
        String text = "status " + status + " " + code + (said == null ? "" : ": " + said);
        return new Failure(
                verdictOf(status, code),
                isSlowDown ? Pace.SLOWER : Pace.STEADY,
                hint(code) + shortened(text),
                answer);
    }

    private static Verdict verdictOf(int status, String code) {
        if (NOT_DONE.contains(code)) return Verdict.NOT_DONE;
        if (code.equals("RequestTimeout")) return Verdict.UNKNOWN;
        if (code.equals("NoSuchUpload")) return Verdict.NO_UPLOAD;
        return switch (status) {
            case 404 -> code.equals("NoSuchBucket") ? Verdict.REFUSED : Verdict.ABSENT;
            case 412 -> Verdict.TAKEN;
            case 416 -> Verdict.BEYOND_END;
            case 408, 409, 425, 429 -> Verdict.UNKNOWN;
            case 501 -> Verdict.REFUSED;
            default -> 300 <= status && status < 500 ? Verdict.REFUSED : Verdict.UNKNOWN;
        };
    }

    private static String hint(String code) {
        return switch (code) {
            case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
                    "the credentials have expired: renew them. ";
            case "RequestTimeTooSkewed" -> "this machine's clock differs from the store's. ";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken" ->
                    "the store does not know these credentials. ";
            case "AccessDenied" -> "these credentials lack a permission. ";
            case "PermanentRedirect", "AuthorizationHeaderMalformed" ->
                    "the bucket is in another region: name it with region=. ";
            default -> "";
        };
    }

    private static Failure unanswered(SdkException exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException)
                return of(Verdict.REFUSED, "the store's certificate is not accepted: ", exception);
            String type = cause.getClass().getSimpleName();
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException
                    || type.equals("ConnectTimeoutException")
                    || type.equals("ConnectionRequestTimeoutException"))
                return of(Verdict.NOT_DONE, "no connection: ", exception);
        }
        String message = String.valueOf(exception.getMessage());
        if (message.startsWith("Unable to load credentials"))
            return of(Verdict.REFUSED, "no credentials: ", exception);
        return of(Verdict.UNKNOWN, "", exception);
    }

    private static Failure of(Verdict verdict, String text, SdkException exception) {
        return new Failure(verdict, Pace.STEADY, text + shortened(innermost(exception)), exception);
    }

    private static String innermost(Throwable exception) {
        Throwable cause = exception;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static String shortened(@Nullable String text) {
        String line = String.valueOf(text).replaceAll("\\s+", " ");
        return line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX) + "...";
    }
}
