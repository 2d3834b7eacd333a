package dev.holdfast.azure;

import com.azure.core.http.rest.Response;
import com.azure.core.util.BinaryData;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobAsyncClient;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Large objects, sent in blocks: each block is repeated by itself, several at a time.
///
/// Invariants:
/// 1. The object is there whole or not at all: it appears when the list of its blocks is committed.
/// 2. A commit that was not answered is settled by the mark that the object carries; without one it
///    is unknown.
/// 3. Blocks of one upload never end up in another's object: their ids begin with its mark.
///
/// Blocks that nobody commits are nobody's to remove: the server drops them a week later, or when
/// another list is committed under the name. Thread-safe.
final class Blocks {
    /// The attribute that tells one upload's object from another's.
    private static final String MARK = "holdfastupload";

    private static final int BLOCKS_MAX = 10_000; // the server allows 50,000

    private final Wire wire;
    private final Env env;
    private final Repeater repeater;
    private final Completion completion;

    Blocks(Wire wire, Env env) {
        this.wire = wire;
        this.env = env;
        repeater = new Repeater(wire.limits().policy(), env);
        completion = new Completion(repeater);
    }

    /// One upload under way, or with all of its blocks there.
    private record Upload(Blocks store, String name, String key, String mark, List<String> ids)
            implements Completion.Upload {
        @Override
        public Answer<Response<BlockBlobItem>> complete() {
            var list = new BlockBlobCommitBlockListOptions(ids).setMetadata(Map.of(MARK, mark));
            Function<BlockBlobAsyncClient, Mono<Response<BlockBlobItem>>> commit =
                    blob -> blob.commitBlockListWithResponse(list);
            return store.send(key, 0, commit.andThen(reply -> reply.filter(Upload::saysWhat)));
        }

        // A success that does not say what was stored is none.
        private static boolean saysWhat(Response<BlockBlobItem> reply) {
            return reply.getValue().getETag() != null;
        }

        @Override
        public boolean isThere() {
            BlobProperties found = store.look(name, key);
            return found != null && mark.equals(found.getMetadata().get(MARK));
        }

        @Override
        public void abandon() {
            // The blocks expire by themselves.
        }
    }

    PutResult put(String name, String key, PartsBody body) {
        String mark = Ulid.next(env).toString();
        long blockBytes =
                Math.max(wire.limits().partBytes(), (body.length() + BLOCKS_MAX - 1) / BLOCKS_MAX);
        int count = (int) ((body.length() + blockBytes - 1) / blockBytes);
        var crew = new PartCrew<String>(count, env);
        var deadline =
                Deadline.after(
                        env, wire.limits().total().plus(wire.limits().attemptOf(body.length())));
        List<String> ids =
                crew.work(
                        name,
                        index -> {
                            long start = index * blockBytes;
                            long end = Math.min(body.length(), start + blockBytes);
                            String id = idOf(mark, index);
                            stage(name, key, id, body.slice(start, end));
                            return id;
                        },
                        deadline);
        return completion.of(new Upload(this, name, key, mark, ids));
    }

    // All ids of one blob must be of one length.
    private static String idOf(String mark, int index) {
        byte[] id = "%s-%05d".formatted(mark, index).getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder().encodeToString(id);
    }

    private void stage(String name, String key, String id, PartsBody body) {
        var block = new BlockBlobStageBlockOptions(id, bodyOf(body));
        repeater.repeat(
                "putBlock",
                name,
                () ->
                        send(key, body.length(), blob -> blob.stageBlockWithResponse(block))
                                .orThrow(name));
        wire.requests().written(body.length());
    }

    private <T> Answer<T> send(
            String key, long bytes, Function<BlockBlobAsyncClient, Mono<T>> request) {
        return wire.send(
                RequestKind.WRITE,
                bytes,
                container ->
                        request.apply(container.getBlobAsyncClient(key).getBlockBlobAsyncClient()));
    }

    /// What the server knows of a blob; null if there is none.
    @Nullable BlobProperties look(String name, String key) {
        Answer<Response<BlobProperties>> answer =
                wire.send(
                        RequestKind.LOOK,
                        0,
                        container ->
                                container.getBlobAsyncClient(key).getPropertiesWithResponse(null));
        return switch (answer) {
            case Given<Response<BlobProperties>>(Response<BlobProperties> found) -> {
                if (found.getValue().getETag() == null)
                    throw Requests.senseless("answer without an etag", name);
                yield found.getValue();
            }
            case Failed<Response<BlobProperties>>(Failure failure)
                    when failure.verdict() == Verdict.ABSENT ->
                    null;
            case Failed<Response<BlobProperties>>(Failure failure) ->
                    throw failure.toException(name);
        };
    }

    /// `body` as the SDK takes it; it may be read more than once.
    static BinaryData bodyOf(PartsBody body) {
        return BinaryData.fromListByteBuffer(body.runs().stream().map(Blocks::bufferOf).toList());
    }

    private static ByteBuffer bufferOf(Bytes run) {
        return ByteBuffer.wrap(run.array(), run.offset(), run.length()).slice().asReadOnlyBuffer();
    }
}
