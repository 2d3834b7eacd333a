package dev.holdfast.s3.twin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The objects of all buckets, and the uploads under way.
///
/// Invariant: condition and change of one key are one step, under that key's own lock.
final class Shelf {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final Pattern PART_NUMBER = Pattern.compile("<PartNumber>(\\d+)</PartNumber>");
    private static final DateTimeFormatter HTTP_TIME =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);

    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<String, Upload> uploads = new ConcurrentSkipListMap<>();
    private final AtomicLong clock = new AtomicLong();
    private final Habits habits;

    Shelf(Habits habits) {
        this.habits = habits;
    }

    /// An object, with the order in which it came.
    private record Stored(
            byte[] body, String etag, Instant at, long number, Map<String, String> metadata) {}

    /// An upload under way.
    private record Upload(
            String path,
            Instant begun,
            Map<String, String> metadata,
            TreeMap<Integer, byte[]> parts) {}

    int objectCount() {
        return objects.size();
    }

    int uploadCount() {
        return uploads.size();
    }

    Reply answer(Request request, Twist twist) {
        return switch (request.operation()) {
            case GET -> read(request);
            case HEAD -> look(request);
            case PUT -> put(request);
            case DELETE -> delete(request);
            case LIST -> list(request, twist);
            case BEGIN_UPLOAD -> begin(request);
            case PUT_PART -> putPart(request);
            case COMPLETE_UPLOAD -> complete(request);
            case ABORT_UPLOAD -> abort(request);
            case LIST_UPLOADS -> listUploads(request);
            case MAKE_BUCKET -> Reply.empty(200);
            case OTHER -> Reply.error(405, "MethodNotAllowed");
        };
    }

    private Reply read(Request request) {
        Stored object = objects.get(request.path());
        if (object == null) return Reply.error(404, "NoSuchKey");
        Reply headers = described(object);
        Matcher range = RANGE.matcher(request.header("range", ""));
        if (!range.matches()) return new Reply(200, headers.headers(), object.body());
        long size = object.body().length;
        long first = Long.parseLong(range.group(1));
        if (size <= first) return Reply.error(416, "InvalidRange");
        long last =
                range.group(2).isEmpty()
                        ? size - 1
                        : Math.min(size - 1, Long.parseLong(range.group(2)));
        byte[] part = java.util.Arrays.copyOfRange(object.body(), (int) first, (int) last + 1);
        return new Reply(206, headers.headers(), part)
                .with("Content-Range", "bytes " + first + "-" + last + "/" + size);
    }

    private Reply look(Request request) {
        Stored object = objects.get(request.path());
        if (object == null) return Reply.empty(404);
        return new Reply(200, described(object).headers(), object.body());
    }

    private static Reply described(Stored object) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("ETag", object.etag());
        headers.put("Last-Modified", HTTP_TIME.format(object.at()));
        headers.put("Content-Type", "application/octet-stream");
        object.metadata().forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        return new Reply(200, headers, new byte[0]);
    }

    private Reply put(Request request) {
        Stored next = stored(request.body(), metadataOf(request));
        return place(request, next);
    }

    private Reply place(Request request, Stored next) {
        synchronized (locks.computeIfAbsent(request.path(), _ -> new Object())) {
            Stored present = objects.get(request.path());
            if (!habits.ignoresConditions()) {
                if (present != null && "*".equals(request.headers().get("if-none-match")))
                    return Reply.error(412, "PreconditionFailed");
                String match = request.headers().get("if-match");
                if (match != null && present == null) return Reply.error(404, "NoSuchKey");
                if (match != null && !match.equals(present.etag()))
                    return Reply.error(412, "PreconditionFailed");
            }
            objects.put(request.path(), next);
        }
        return Reply.empty(200).with("ETag", next.etag());
    }

    private Reply delete(Request request) {
        objects.remove(request.path());
        return Reply.empty(204);
    }

    private Reply list(Request request, Twist twist) {
        String bucket = "/" + request.bucket() + "/";
        String prefix = bucket + request.query().getOrDefault("prefix", "");
        String token = request.query().get("continuation-token");
        String after = token != null ? token : request.query().get("start-after");
        int most =
                Math.min(
                        habits.pageMax(),
                        Integer.parseInt(request.query().getOrDefault("max-keys", "1000")));
        long newest =
                twist instanceof Twist.StaleListing(int hidden)
                        ? clock.get() - hidden
                        : clock.get();
        boolean isDoubled = twist instanceof Twist.DoubleListing && after != null;
        var page = new StringBuilder();
        int count = 0;
        String last = null;
        for (var entry : objects.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) break;
            String key = entry.getKey().substring(bucket.length());
            int order = after == null ? 1 : key.compareTo(after);
            if (order < 0 || order == 0 && !isDoubled || newest < entry.getValue().number())
                continue;
            if (count == most) return page(page, count, last);
            page.append(content(key, entry.getValue()));
            last = key;
            count++;
        }
        return page(page, count, null);
    }

    private static Reply page(StringBuilder contents, int count, @Nullable String next) {
        String more =
                next == null
                        ? "<IsTruncated>false</IsTruncated>"
                        : "<IsTruncated>true</IsTruncated>"
                                + Reply.element("NextContinuationToken", next);
        return Reply.result(
                "ListBucketResult", Reply.element("KeyCount", "" + count) + more + contents);
    }

    private static String content(String key, Stored object) {
        return ("<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag>"
                        + "<Size>%d</Size></Contents>")
                .formatted(Reply.escaped(key), object.at(), object.etag(), object.body().length);
    }

    private Reply begin(Request request) {
        String id = "upload-%020d".formatted(clock.incrementAndGet());
        uploads.put(
                id,
                new Upload(request.path(), Instant.now(), metadataOf(request), new TreeMap<>()));
        return Reply.result(
                "InitiateMultipartUploadResult",
                Reply.element("Key", request.key()) + Reply.element("UploadId", id));
    }

    private Reply putPart(Request request) {
        Upload upload = upload(request);
        if (upload == null) return Reply.error(404, "NoSuchUpload");
        int number = Integer.parseInt(request.query().getOrDefault("partNumber", "0"));
        synchronized (upload.parts()) {
            upload.parts().put(number, request.body());
        }
        return Reply.empty(200).with("ETag", etag(request.body()));
    }

    private Reply complete(Request request) {
        Upload upload = upload(request);
        if (upload == null) return Reply.error(404, "NoSuchUpload");
        var whole = new java.io.ByteArrayOutputStream();
        Matcher part = PART_NUMBER.matcher(new String(request.body(), StandardCharsets.UTF_8));
        synchronized (upload.parts()) {
            while (part.find()) {
                byte[] bytes = upload.parts().get(Integer.valueOf(part.group(1)));
                if (bytes == null) return Reply.error(400, "InvalidPart");
                whole.writeBytes(bytes);
            }
        }
        Stored object = stored(whole.toByteArray(), upload.metadata());
        Reply placed = place(request, object);
        if (placed.status() != 200) return placed;
        uploads.remove(uploadId(request));
        return Reply.result(
                "CompleteMultipartUploadResult",
                Reply.element("Key", request.key()) + Reply.element("ETag", object.etag()));
    }

    private Reply abort(Request request) {
        if (upload(request) == null) return Reply.error(404, "NoSuchUpload");
        uploads.remove(uploadId(request));
        return Reply.empty(204);
    }

    private Reply listUploads(Request request) {
        String bucket = "/" + request.bucket() + "/";
        String prefix = bucket + request.query().getOrDefault("prefix", "");
        var list = new StringBuilder();
        uploads.forEach((id, upload) -> {
            if (!upload.path().startsWith(prefix)) return;
            list.append("<Upload>")
                    .append(Reply.element("Key", upload.path().substring(bucket.length())))
                    .append(Reply.element("UploadId", id))
                    .append(Reply.element("Initiated", upload.begun().toString()))
                    .append("</Upload>");
        });
        return Reply.result(
                "ListMultipartUploadsResult", "<IsTruncated>false</IsTruncated>" + list);
    }

    private @Nullable Upload upload(Request request) {
        Upload upload = uploads.get(uploadId(request));
        return upload == null || !upload.path().equals(request.path()) ? null : upload;
    }

    private static String uploadId(Request request) {
        return request.query().getOrDefault("uploadId", "");
    }

    private Map<String, String> metadataOf(Request request) {
        var metadata = new LinkedHashMap<String, String>();
        if (habits.dropsMetadata()) return metadata;
        request.headers()
                .forEach((name, value) -> {
                    if (name.startsWith("x-amz-meta-"))
                        metadata.put(name.substring("x-amz-meta-".length()), value);
                });
        return metadata;
    }

    private Stored stored(byte[] body, Map<String, String> metadata) {
        return new Stored(body, etag(body), Instant.now(), clock.incrementAndGet(), metadata);
    }

    private static String etag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(body);
            return "\"" + HexFormat.of().formatHex(digest) + "\"";
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError(missing);
        }
    }
}
