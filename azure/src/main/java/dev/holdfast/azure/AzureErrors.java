package dev.holdfast.azure;

import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import dev.holdfast.objectstore.remote.Failure;
import dev.holdfast.objectstore.remote.Failure.Pace;
import dev.holdfast.objectstore.remote.Verdict;
import java.util.Set;

/// What the errors of Azure's blob storage and of its client mean.
final class AzureErrors {
    // A conflict that says nothing of the blob: the container comes or goes, or a copy is under
    // way.
    private static final Set<String> PASSING_CONFLICTS =
            Set.of(
                    "AccountBeingCreated",
                    "BlobBeingRehydrated",
                    "ContainerBeingDeleted",
                    "PendingCopyOperation",
                    "SnapshotOperationRateExceeded",
                    "SystemInUse");
    // The store knows the request and says that it did not do it; the next may find things mended.
    private static final Set<String> NOT_DONE =
            Set.of("Md5Mismatch", "Crc64Mismatch", "InvalidContentLength");

    private AzureErrors() {}

    static Failure read(Throwable exception) {
        return switch (exception) {
            case BlobStorageException answer -> answered(answer);
            case IllegalArgumentException unsendable ->
                    Failure.of(Verdict.REFUSED, "cannot be sent, as with a bad key: ", unsendable);
            default -> Failure.unanswered(exception);
        };
    }

    private static Failure answered(BlobStorageException answer) {
        BlobErrorCode named = answer.getErrorCode();
        String code = named == null ? "" : named.toString();
        int status = answer.getStatusCode();
        String said = answer.getServiceMessage();
        boolean isSlowDown = status == 503 || status == 429 || code.equals("ServerBusy");
        String text = "status " + status + " " + code + (said == null ? "" : ": " + said);
        return new Failure(
                verdictOf(status, code),
                isSlowDown ? Pace.SLOWER : Pace.STEADY,
                hint(status, code) + withoutSignatures(text),
                answer);
    }

    // The server repeats what it could not verify.
    private static String withoutSignatures(String text) {
        return text.replaceAll("sig=[^&\\s]*", "sig=***")
                .replaceAll("'[A-Za-z0-9+/]{40,}=*'", "'***'");
    }

    private static Verdict verdictOf(int status, String code) {
        if (NOT_DONE.contains(code)) return Verdict.NOT_DONE;
        return switch (status) {
            // A success that is none: what it should say was missing, or made no sense.
            case 200, 201, 202, 206 -> Verdict.UNKNOWN;
            case 400 -> code.equals("InvalidBlockList") ? Verdict.NO_UPLOAD : Verdict.REFUSED;
            case 404 -> isOfTheBlob(code) ? Verdict.ABSENT : Verdict.REFUSED;
            case 409 -> conflict(code);
            case 412 -> Verdict.TAKEN;
            case 416 -> Verdict.BEYOND_END;
            case 408, 425, 429 -> Verdict.UNKNOWN;
            case 501 -> Verdict.REFUSED;
            default -> 300 <= status && status < 500 ? Verdict.REFUSED : Verdict.UNKNOWN;
        };
    }

    // An answer without a code comes from something on the way: it must not pass for "no such
    // blob".
    private static boolean isOfTheBlob(String code) {
        return code.equals("BlobNotFound") || code.equals("ResourceNotFound");
    }

    // The one conflict that is about the name decides a race; all others leave it open.
    private static Verdict conflict(String code) {
        if (code.equals("BlobAlreadyExists") || code.equals("ResourceAlreadyExists"))
            return Verdict.TAKEN;
        return code.isEmpty() || PASSING_CONFLICTS.contains(code)
                ? Verdict.UNKNOWN
                : Verdict.REFUSED;
    }

    private static String hint(int status, String code) {
        return switch (code) {
            case "ContainerNotFound" -> "there is no such container: create it. ";
            case "AuthenticationFailed" ->
                    "the store does not know these credentials, they have expired, or this"
                            + " machine's clock differs from the store's. ";
            case "AuthorizationPermissionMismatch", "AuthorizationFailure" ->
                    "these credentials lack a permission. ";
            case "InvalidHeaderValue" ->
                    "the store may be too old for the protocol's version spoken here. ";
            default -> status == 403 ? "access denied. " : "";
        };
    }
}
