package dev.holdfast.s3;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectAttributes;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.objectstore.remote.Answer;
import dev.holdfast.objectstore.remote.Answer.Failed;
import dev.holdfast.objectstore.remote.Answer.Given;
import dev.holdfast.objectstore.remote.CreateProbe;
import dev.holdfast.objectstore.remote.Failure;
import dev.holdfast.objectstore.remote.PartsBody;
import dev.holdfast.objectstore.remote.RequestKind;
import dev.holdfast.objectstore.remote.Requests;
import dev.holdfast.objectstore.remote.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A bucket, or what lies below a prefix in one. Each call sends a request once.
///
/// Invariants:
/// 1. An exception from a put means that the server never saw it, or said that it did nothing.
/// 2. "The precondition failed" is the only answer that means a lost race; a conflict, an error of
///    the server, a time-out and a cut connection are unknown.
/// 3. Nothing is written to a bucket that was not seen to refuse a second conditional create.
///
/// Thread-safe.
final class S3Store implements ObjectStore, CreateProbe.Candidate {
    // Bounds a read whose size nobody knows yet; its body is bounded by its own length.
    private static final long WHOLE_BYTES_MAX = ByteSize.mebibytes(64).bytes();
    private static final int PAGES_MAX = 10_000; // of a listing that stays empty

    private final S3Location location;
    private final Wire wire;
    private final Uploads uploads;
    private final CreateProbe probe;
    private final Env env;

    S3Store(S3Location location, Wire wire, CreateProbe.Proven proven, Env env) {
        this.location = location;
        this.wire = wire;
        this.env = env;
        uploads = new Uploads(location, wire, env);
        probe = new CreateProbe(location.place(), proven, env);
    }

    @Override
    public @Nullable Bytes get(String name) {
        GetObjectRequest.Builder request = reading(name);
        Download download =
                download(
                        request,
                        name,
                        WHOLE_BYTES_MAX,
                        (response, body) -> Download.whole(response, body, this::bodyDeadline));
        return download == null ? null : download.bytes();
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        ObjectNames.check(name);
        if (offset < 0 || length < 0) throw beyondEnd(name, offset, length);
        if (length == 0 || Long.MAX_VALUE - length < offset) return edge(name, offset, length);
        Download download = range(name, offset, length);
        if (download == null) return null;
        if (download.objectSize() < offset + length) throw beyondEnd(name, offset, length);
        if (download.bytes().length() == length) return download.bytes();
        throw Requests.senseless("a shorter range was sent", name);
    }

    private @Nullable Download range(String name, long offset, int length) {
        GetObjectRequest.Builder request =
                reading(name).range("bytes=" + offset + "-" + (offset + length - 1));
        return download(
                request,
                name,
                length,
                (response, body) -> Download.range(response, body, this::bodyDeadline, offset));
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        ObjectNames.check(name);
        if (offset < 0 || lengthMax < 0) throw beyondEnd(name, offset, lengthMax);
        if (lengthMax == 0 || Long.MAX_VALUE - lengthMax < offset) return atMostEdge(name);
        Download download;
        try {
            download = range(name, offset, lengthMax);
        } catch (Invalid fromTheEndOn) {
            return atMostEdge(name);
        }
        if (download == null) return null;
        if (download.bytes().length() == Math.min(lengthMax, download.objectSize() - offset))
            return download.bytes();
        throw Requests.senseless("a shorter range was sent", name);
    }

    private @Nullable Bytes atMostEdge(String name) {
        return head(name) == null ? null : Bytes.EMPTY;
    }

    /// Takes a body in.
    private interface BodyReader {
        Download read(GetObjectResponse response, InputStream body) throws IOException;
    }

    // A body given up is cut off: to close it would be to wait for its end.
    private static Download read(
            GetObjectResponse response, AbortableInputStream body, BodyReader reader)
            throws IOException {
        Download download = null;
        try {
            download = reader.read(response, body);
            return download;
        } finally {
            if (download == null) body.abort();
        }
    }

    private Deadline bodyDeadline(long bytes) {
        return Deadline.after(env, wire.limits().attemptOf(bytes));
    }

    // A range that no request can name: of no bytes, or with an end beyond all numbers.
    private @Nullable Bytes edge(String name, long offset, int length) {
        ObjectMeta meta = head(name);
        if (meta == null) return null;
        if (length == 0 && offset <= meta.size()) return Bytes.EMPTY;
        throw beyondEnd(name, offset, length);
    }

    private GetObjectRequest.Builder reading(String name) {
        return GetObjectRequest.builder().bucket(location.bucket()).key(key(name));
    }

    private @Nullable Download download(
            GetObjectRequest.Builder request, String name, long bytes, BodyReader reader) {
        Answer<Download> answer =
                wire.send(
                        RequestKind.READ,
                        bytes,
                        (s3, within) ->
                                s3.getObject(
                                        request.overrideConfiguration(within).build(),
                                        (response, body) -> read(response, body, reader)));
        return switch (answer) {
            case Given<Download>(Download download) -> {
                wire.requests().read(download.bytes().length());
                yield download;
            }
            case Failed<Download>(Failure failure) when failure.verdict() == Verdict.ABSENT -> null;
            case Failed<Download>(Failure failure) when failure.verdict() == Verdict.BEYOND_END ->
                    throw new Invalid("range beyond the end. name=`" + name + "`", failure.cause());
            case Failed<Download>(Failure failure) -> throw failure.toException(name);
        };
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        String key = key(name);
        probe.require(this);
        PartsBody body = PartsBody.of(parts);
        if (2 * wire.limits().partBytes() < body.length()) return uploads.put(name, key, body);
        return put(name, body, PutObjectRequest.builder().bucket(location.bucket()).key(key));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        ObjectNames.check(name);
        probe.require(this);
        return create(name, parts, putId);
    }

    /// What [#putIfAbsent] does, in a bucket that may not have been proven yet.
    @Override
    public PutResult create(String name, List<Bytes> parts, Ulid putId) {
        return put(
                name,
                PartsBody.of(parts),
                PutObjectRequest.builder()
                        .bucket(location.bucket())
                        .key(key(name))
                        .ifNoneMatch("*")
                        .metadata(Map.of(ObjectAttributes.PUT_ID, putId.toString())));
    }

    private PutResult put(String name, PartsBody body, PutObjectRequest.Builder request) {
        Answer<PutObjectResponse> answer =
                wire.send(
                        RequestKind.WRITE,
                        body.length(),
                        (s3, within) ->
                                s3.putObject(
                                        request.overrideConfiguration(within).build(),
                                        Wire.bodyOf(body)));
        return switch (answer) {
            case Given<PutObjectResponse>(PutObjectResponse given) -> {
                if (given.eTag() == null)
                    yield new Unknown(Requests.senseless("put answered without an etag", name));
                wire.requests().written(body.length());
                yield new Stored(Durable.confirmed(name));
            }
            case Failed<PutObjectResponse>(Failure failure) -> resultOf(failure, name);
        };
    }

    private static PutResult resultOf(Failure failure, String name) {
        return switch (failure.verdict()) {
            case TAKEN -> new AlreadyExists();
            case UNKNOWN -> new Unknown(failure.toException(name));
            case ABSENT, BEYOND_END, NO_UPLOAD, NOT_DONE, REFUSED ->
                    throw failure.toException(name);
        };
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        HeadObjectResponse found = uploads.look(name, key(name));
        if (found == null) return null;
        return new ObjectMeta(
                name,
                Objects.requireNonNull(found.contentLength(), "length"),
                found.lastModified() == null ? 0 : found.lastModified().toEpochMilli(),
                putId(found.metadata().get(ObjectAttributes.PUT_ID)));
    }

    private static @Nullable Ulid putId(@Nullable String text) {
        try {
            return text == null ? null : Ulid.parse(text);
        } catch (IllegalArgumentException another) {
            return null;
        }
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        require(1 <= limit && limit <= LIST_LIMIT_MAX, "limit out of range: %d", limit);
        ObjectNames.checkPrefix(prefix);
        List<ObjectMeta> found = new ArrayList<>();
        String position = after;
        String token = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            ListObjectsV2Response given = page(prefix, after, token, limit - found.size());
            for (S3Object object : given.contents()) {
                ObjectMeta meta = meta(object);
                if (meta == null) continue;
                requireOrder(position, meta.name());
                if (meta.name().equals(position)) continue;
                position = meta.name();
                found.add(meta);
            }
            token = given.nextContinuationToken();
            if (!Boolean.TRUE.equals(given.isTruncated()) || token == null) return found;
            if (limit <= found.size()) return found.subList(0, limit);
        }
        throw Requests.senseless("a listing without an end", prefix);
    }

    private static void requireOrder(@Nullable String before, String name) {
        if (before != null && name.compareTo(before) < 0)
            throw new ObjectStoreException.Refused(
                    "the store lists out of order. name=`%s`, before=`%s`".formatted(name, before),
                    null);
    }

    private ListObjectsV2Response page(
            String prefix, @Nullable String after, @Nullable String token, int keysMax) {
        Answer<ListObjectsV2Response> answer =
                wire.send(
                        RequestKind.LIST,
                        0,
                        (s3, within) ->
                                s3.listObjectsV2(request ->
                                        request.bucket(location.bucket())
                                                .prefix(location.key(prefix))
                                                .startAfter(
                                                        after == null ? null : location.key(after))
                                                .continuationToken(token)
                                                .maxKeys(keysMax)
                                                .overrideConfiguration(within)));
        return answer.orThrow(prefix);
    }

    // Null for a key that is none of ours: not every key is a name.
    private @Nullable ObjectMeta meta(S3Object object) {
        String name = location.name(object.key());
        if (name == null) return null;
        return new ObjectMeta(
                name,
                object.size() == null ? 0 : object.size(),
                object.lastModified() == null ? 0 : object.lastModified().toEpochMilli(),
                null);
    }

    @Override
    public void delete(String name) {
        String key = key(name);
        var answer =
                wire.send(
                        RequestKind.DELETE,
                        0,
                        (s3, within) ->
                                s3.deleteObject(request ->
                                        request.bucket(location.bucket())
                                                .key(key)
                                                .overrideConfiguration(within)));
        if (answer instanceof Failed<?>(Failure failure) && failure.verdict() != Verdict.ABSENT)
            throw failure.toException(name);
    }

    @Override
    public int removeUnfinished(String prefix, long beforeMillis) {
        ObjectNames.checkPrefix(prefix);
        return uploads.removeUnfinished(location.key(prefix), beforeMillis);
    }

    @Override
    public StoreTraffic traffic() {
        return wire.requests().traffic();
    }

    @Override
    public String url() {
        return location.url();
    }

    @Override
    public void close() {
        wire.close();
    }

    private String key(String name) {
        return location.key(ObjectNames.check(name));
    }

    private static Invalid beyondEnd(String name, long offset, int length) {
        return new Invalid(
                "range beyond the end. name=`%s`, offset=`%d`, length=`%d`"
                        .formatted(name, offset, length),
                null);
    }
}
