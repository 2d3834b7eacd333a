package dev.holdfast.s3;

import dev.holdfast.objectstore.remote.Failure;
import dev.holdfast.objectstore.remote.Failure.Pace;
import dev.holdfast.objectstore.remote.Verdict;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// What the errors of S3 and of its client mean.
final class S3Errors {
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

    private S3Errors() {}

    static Failure read(SdkException exception) {
        if (exception instanceof AwsServiceException answer) return answered(answer);
        Failure failure = Failure.unanswered(exception);
        boolean lacksCredentials =
                String.valueOf(exception.getMessage()).startsWith("Unable to load credentials");
        return failure.verdict() == Verdict.UNKNOWN && lacksCredentials
                ? Failure.of(Verdict.REFUSED, "no credentials: ", exception)
                : failure;
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
                hint(code) + text,
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
}
