package dev.holdfast.azure;

import static dev.holdfast.base.Checks.require;

import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.http.rest.Response;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobDownloadAsyncResponse;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.models.DeleteSnapshotsOptionType;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectAttributes;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
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
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// A container, or what lies below a prefix in one. Each call sends a request once.
///
/// Invariants:
/// 1. An exception from a put means that the server never saw it, or said that it did nothing.
/// 2. "The blob exists" and "the condition does not hold" are the only answers that mean a lost
///    race; other conflicts, an error of the server, a time-out and a cut connection are unknown.
/// 3. Nothing is written to a container that was not seen to refuse a second conditional create.
///
/// Thread-safe.
final class AzureStore implements ObjectStore, CreateProbe.Candidate {
    private static final int PAGES_MAX = 10_000; // of a listing that stays empty

    private final AzureLocation location;
    private final Wire wire;
    private final Blocks blocks;
    private final CreateProbe probe;

    AzureStore(AzureLocation location, Wire wire, CreateProbe.Proven proven, Env env) {
        this.location = location;
        this.wire = wire;
        blocks = new Blocks(wire, env);
        probe = new CreateProbe(location.place(), proven, env);
    }

    @Override
    public @Nullable Bytes get(String name) {
        Download download = download(name, null, Download::whole);
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
        throw Requests.senseless("another range was sent", name);
    }

    private @Nullable Download range(String name, long offset, int length) {
        return download(
                name,
                new BlobRange(offset, (long) length),
                response -> Download.range(response, offset));
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
        throw Requests.senseless("another range was sent", name);
    }

    private @Nullable Bytes atMostEdge(String name) {
        return head(name) == null ? null : Bytes.EMPTY;
    }

    // A range that no request can name: of no bytes, or with an end beyond all numbers.
    private @Nullable Bytes edge(String name, long offset, int length) {
        ObjectMeta meta = head(name);
        if (meta == null) return null;
        if (length == 0 && offset <= meta.size()) return Bytes.EMPTY;
        throw beyondEnd(name, offset, length);
    }

    private @Nullable Download download(
            String name,
            @Nullable BlobRange range,
            Function<BlobDownloadAsyncResponse, Wire.Arrival<Download>> reader) {
        String key = key(name);
        Answer<Download> answer =
                wire.send(
                        RequestKind.READ,
                        container ->
                                container
                                        .getBlobAsyncClient(key)
                                        .downloadStreamWithResponse(
                                                range,
                                                new DownloadRetryOptions().setMaxRetryRequests(0),
                                                null,
                                                false),
                        reader);
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
        if (2 * wire.limits().partBytes() < body.length()) return blocks.put(name, key, body);
        var options = new BlockBlobSimpleUploadOptions(Blocks.bodyOf(body));
        return switch (upload(name, body.length(), options)) {
            case AlreadyExists _ ->
                    throw new Refused(
                            "the blob is leased, locked or of another type. name=`" + name + "`",
                            null);
            case PutResult other -> other;
        };
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        ObjectNames.check(name);
        probe.require(this);
        return create(name, parts, putId);
    }

    @Override
    public PutResult create(String name, List<Bytes> parts, Ulid putId) {
        PartsBody body = PartsBody.of(parts);
        return upload(
                name,
                body.length(),
                new BlockBlobSimpleUploadOptions(Blocks.bodyOf(body))
                        .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"))
                        .setMetadata(Map.of(ObjectAttributes.PUT_ID, putId.toString())));
    }

    private PutResult upload(String name, long length, BlockBlobSimpleUploadOptions options) {
        String key = key(name);
        Answer<Response<BlockBlobItem>> answer =
                wire.send(
                        RequestKind.WRITE,
                        length,
                        container ->
                                container
                                        .getBlobAsyncClient(key)
                                        .getBlockBlobAsyncClient()
                                        .uploadWithResponse(options));
        return switch (answer) {
            case Given<Response<BlockBlobItem>>(Response<BlockBlobItem> given) -> {
                if (given.getValue().getETag() == null)
                    yield new Unknown(Requests.senseless("put answered without an etag", name));
                wire.requests().written(length);
                yield new Stored(Durable.confirmed(name));
            }
            case Failed<Response<BlockBlobItem>>(Failure failure) -> resultOf(failure, name);
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
        BlobProperties found = blocks.look(name, key(name));
        if (found == null) return null;
        return new ObjectMeta(
                name,
                found.getBlobSize(),
                millis(found.getLastModified()),
                putId(found.getMetadata().get(ObjectAttributes.PUT_ID)));
    }

    private static long millis(@Nullable OffsetDateTime time) {
        return time == null ? 0 : time.toInstant().toEpochMilli();
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
        if (after != null && prefix.compareTo(after) < 0 && !after.startsWith(prefix))
            return List.of();
        List<ObjectMeta> found = new ArrayList<>();
        String position = after;
        String token = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            // One more than wanted: the place to begin at is shown too.
            var options = listing(prefix, after).setMaxResultsPerPage(limit - found.size() + 1);
            PagedResponse<BlobItem> given = page(prefix, options, token);
            for (BlobItem blob : given.getValue()) {
                ObjectMeta meta = meta(blob);
                if (meta == null || isAtMost(meta.name(), after)) continue;
                requireOrder(position, meta.name());
                if (meta.name().equals(position)) continue;
                position = meta.name();
                found.add(meta);
                if (found.size() == limit) return found;
            }
            token = given.getContinuationToken();
            if (token == null || token.isEmpty()) return found;
        }
        throw Requests.senseless("a listing without an end", prefix);
    }

    // A server that does not know where to begin shows all from the first on; where it would have
    // to begin before the prefix, it is not asked to.
    private ListBlobsOptions listing(String prefix, @Nullable String after) {
        var options = new ListBlobsOptions().setPrefix(location.key(prefix));
        boolean isWithin = after != null && after.startsWith(prefix);
        return isWithin ? options.setStartFrom(location.key(after)) : options;
    }

    private static boolean isAtMost(String name, @Nullable String after) {
        return after != null && name.compareTo(after) <= 0;
    }

    private static void requireOrder(@Nullable String before, String name) {
        if (before != null && name.compareTo(before) < 0)
            throw new Refused(
                    "the store lists out of order, as accounts with a hierarchical namespace do."
                            + " name=`%s`, before=`%s`".formatted(name, before),
                    null);
    }

    private PagedResponse<BlobItem> page(
            String prefix, ListBlobsOptions options, @Nullable String token) {
        Function<BlobContainerAsyncClient, Mono<PagedResponse<BlobItem>>> request =
                container -> {
                    PagedFlux<BlobItem> pages = container.listBlobs(options);
                    return (token == null ? pages.byPage() : pages.byPage(token)).next();
                };
        return wire.send(RequestKind.LIST, 0, request).orThrow(prefix);
    }

    // Null for a blob that is none of ours: not every blob's name is an object's.
    private @Nullable ObjectMeta meta(BlobItem blob) {
        String name = location.name(blob.getName());
        if (name == null) return null;
        Long size = blob.getProperties().getContentLength();
        return new ObjectMeta(
                name,
                size == null ? 0 : size,
                millis(blob.getProperties().getLastModified()),
                null);
    }

    @Override
    public void delete(String name) {
        String key = key(name);
        var answer =
                wire.send(
                        RequestKind.DELETE,
                        0,
                        container ->
                                container
                                        .getBlobAsyncClient(key)
                                        .deleteWithResponse(
                                                DeleteSnapshotsOptionType.INCLUDE, null));
        if (answer instanceof Failed<?>(Failure failure) && failure.verdict() != Verdict.ABSENT)
            throw failure.toException(name);
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
        // Connections that idle end by themselves.
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
