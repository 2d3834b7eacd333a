package dev.holdfast.s3;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.remote.Answer;
import dev.holdfast.objectstore.remote.Answer.Failed;
import dev.holdfast.objectstore.remote.Answer.Given;
import dev.holdfast.objectstore.remote.Completion;
import dev.holdfast.objectstore.remote.Failure;
import dev.holdfast.objectstore.remote.PartCrew;
import dev.holdfast.objectstore.remote.PartsBody;
import dev.holdfast.objectstore.remote.RequestKind;
import dev.holdfast.objectstore.remote.Requests;
import dev.holdfast.objectstore.remote.Verdict;
import dev.holdfast.objectstore.retry.Repeater;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// Large objects, sent in parts: each part is repeated by itself, several at a time.
///
/// Invariants:
/// 1. The object is there whole or not at all: it appears when the upload is completed.
/// 2. A completion that was not answered is settled by the mark that the object carries; without
///    one it is unknown.
///
/// What a process that died leaves of an upload is found by [#removeUnfinished]. Thread-safe.
final class Uploads {
    private static final System.Logger LOG = System.getLogger(Uploads.class.getName());

    /// The attribute that tells one upload's object from another's.
    private static final String MARK = "holdfastupload";

    private static final int PAGES_MAX = 10_000;
    private static final int PARTS_MAX = 10_000; // S3's own bound

    private final S3Location location;
    private final Wire wire;
    private final Env env;
    private final Repeater repeater;
    private final Completion completion;

    Uploads(S3Location location, Wire wire, Env env) {
        this.location = location;
        this.wire = wire;
        this.env = env;
        repeater = new Repeater(wire.limits().policy(), env);
        completion = new Completion(repeater);
    }

    /// One upload under way.
    private record Upload(String name, String key, String id, String mark) {}

    PutResult put(String name, String key, PartsBody body) {
        Upload upload = begin(name, key);
        List<CompletedPart> parts;
        try {
            parts = send(upload, body);
        } catch (ObjectStoreException failure) {
            abort(key, upload.id());
            throw failure;
        }
        return completion.of(new Completable(this, upload, parts));
    }

    private Upload begin(String name, String key) {
        String mark = Ulid.next(env).toString();
        String id =
                repeated(
                        "createMultipartUpload",
                        name,
                        RequestKind.WRITE,
                        0,
                        (s3, within) ->
                                said(
                                        s3.createMultipartUpload(request ->
                                                        request.bucket(location.bucket())
                                                                .key(key)
                                                                .metadata(Map.of(MARK, mark))
                                                                .overrideConfiguration(within))
                                                .uploadId()));
        return new Upload(name, key, id, mark);
    }

    private List<CompletedPart> send(Upload upload, PartsBody body) {
        long partBytes =
                Math.max(wire.limits().partBytes(), (body.length() + PARTS_MAX - 1) / PARTS_MAX);
        int count = (int) ((body.length() + partBytes - 1) / partBytes);
        var crew = new PartCrew<CompletedPart>(count, env);
        var deadline =
                Deadline.after(
                        env, wire.limits().total().plus(wire.limits().attemptOf(body.length())));
        return crew.work(
                upload.name(),
                index -> {
                    long start = index * partBytes;
                    long end = Math.min(body.length(), start + partBytes);
                    return sendPart(upload, index + 1, body.slice(start, end));
                },
                deadline);
    }

    private CompletedPart sendPart(Upload upload, int number, PartsBody body) {
        String etag =
                repeated(
                        "uploadPart " + number,
                        upload.name(),
                        RequestKind.WRITE,
                        body.length(),
                        (s3, within) ->
                                said(
                                        s3.uploadPart(
                                                        request ->
                                                                request.bucket(location.bucket())
                                                                        .key(upload.key())
                                                                        .uploadId(upload.id())
                                                                        .partNumber(number)
                                                                        .overrideConfiguration(
                                                                                within),
                                                        Wire.bodyOf(body))
                                                .eTag()));
        wire.requests().written(body.length());
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    /// One upload whose parts are all there.
    private record Completable(Uploads uploads, Upload upload, List<CompletedPart> parts)
            implements Completion.Upload {
        @Override
        public String name() {
            return upload.name();
        }

        @Override
        public Answer<String> complete() {
            return uploads.completeOnce(upload, parts);
        }

        @Override
        public boolean isThere() {
            HeadObjectResponse found = uploads.look(upload.name(), upload.key());
            return found != null && upload.mark().equals(found.metadata().get(MARK));
        }

        @Override
        public void abandon() {
            boolean unused = uploads.abort(upload.key(), upload.id());
        }
    }

    private Answer<String> completeOnce(Upload upload, List<CompletedPart> parts) {
        return wire.send(
                RequestKind.WRITE,
                0,
                (s3, within) ->
                        said(
                                s3.completeMultipartUpload(request ->
                                                request.bucket(location.bucket())
                                                        .key(upload.key())
                                                        .uploadId(upload.id())
                                                        .multipartUpload(all -> all.parts(parts))
                                                        .overrideConfiguration(within))
                                        .eTag()));
    }

    // A success without what it should say is none: an error can come with status 200.
    private static String said(@Nullable String word) {
        if (word == null) throw SdkClientException.create("answered without an id or an etag");
        return word;
    }

    /// What the server knows of an object; null if there is none.
    @Nullable HeadObjectResponse look(String name, String key) {
        Answer<HeadObjectResponse> answer =
                wire.send(
                        RequestKind.LOOK,
                        0,
                        (s3, within) ->
                                s3.headObject(request ->
                                        request.bucket(location.bucket())
                                                .key(key)
                                                .overrideConfiguration(within)));
        return switch (answer) {
            case Given<HeadObjectResponse>(HeadObjectResponse found) -> {
                if (found.eTag() == null) throw Requests.senseless("answer without an etag", name);
                yield found;
            }
            case Failed<HeadObjectResponse>(Failure failure)
                    when failure.verdict() == Verdict.ABSENT ->
                    null;
            case Failed<HeadObjectResponse>(Failure failure) -> throw failure.toException(name);
        };
    }

    /// Ends every upload below `prefix` that began before `beforeMillis`; answers how many.
    int removeUnfinished(String prefix, long beforeMillis) {
        int removed = 0;
        ListMultipartUploadsResponse page = null;
        for (int pages = 0; pages < PAGES_MAX; pages++) {
            page = unfinished(prefix, page);
            for (MultipartUpload upload : page.uploads()) {
                if (upload.initiated() == null
                        || beforeMillis <= upload.initiated().toEpochMilli()
                        || location.name(upload.key()) == null) continue;
                if (abort(upload.key(), upload.uploadId())) removed++;
            }
            if (!Boolean.TRUE.equals(page.isTruncated())) return removed;
        }
        return removed;
    }

    private ListMultipartUploadsResponse unfinished(
            String prefix, @Nullable ListMultipartUploadsResponse before) {
        var answer =
                wire.send(
                        RequestKind.LIST,
                        0,
                        (s3, within) ->
                                s3.listMultipartUploads(request ->
                                        request.bucket(location.bucket())
                                                .prefix(prefix)
                                                .keyMarker(
                                                        before == null
                                                                ? null
                                                                : before.nextKeyMarker())
                                                .uploadIdMarker(
                                                        before == null
                                                                ? null
                                                                : before.nextUploadIdMarker())
                                                .overrideConfiguration(within)));
        return answer.orThrow(prefix);
    }

    // What cannot be ended now is found again by a later collection.
    private boolean abort(String key, String id) {
        var answer =
                wire.send(
                        RequestKind.DELETE,
                        0,
                        (s3, within) ->
                                s3.abortMultipartUpload(request ->
                                        request.bucket(location.bucket())
                                                .key(key)
                                                .uploadId(id)
                                                .overrideConfiguration(within)));
        if (answer instanceof Failed<?>(Failure failure)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "upload left behind. key=`{0}`, cause=`{1}`",
                    key,
                    failure.text());
            return false;
        }
        return true;
    }

    private <T> T repeated(
            String what,
            String name,
            RequestKind kind,
            long bytes,
            BiFunction<S3Client, AwsRequestOverrideConfiguration, T> request) {
        return repeater.repeat(what, name, () -> wire.send(kind, bytes, request).orThrow(name));
    }
}
