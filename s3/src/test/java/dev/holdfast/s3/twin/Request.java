package dev.holdfast.s3.twin;

import dev.holdfast.s3.twin.Call.Operation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP request, read whole.
record Request(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body) {
    private static final int LINE_MAX = 16_384;

    /// The next one from a connection; null at its end.
    static @Nullable Request read(InputStream in, OutputStream out) throws IOException {
        String first = line(in);
        if (first == null) return null;
        String[] words = first.split(" ");
        if (words.length != 3) throw new IOException("not a request: " + first);
        var headers = new HashMap<String, String>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.put(name, line.substring(colon + 1).strip());
        }
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        byte[] body = body(in, headers);
        int mark = words[1].indexOf('?');
        String path = mark < 0 ? words[1] : words[1].substring(0, mark);
        String query = mark < 0 ? "" : words[1].substring(mark + 1);
        return new Request(words[0], decoded(path), parameters(query), headers, body);
    }

    String bucket() {
        int slash = path.indexOf('/', 1);
        return slash < 0 ? path.substring(1) : path.substring(1, slash);
    }

    String key() {
        int slash = path.indexOf('/', 1);
        return slash < 0 ? "" : path.substring(slash + 1);
    }

    String header(String name, String otherwise) {
        return headers.getOrDefault(name, otherwise);
    }

    Operation operation() {
        boolean isUpload = query.containsKey("uploadId");
        if (key().isEmpty())
            return switch (method) {
                case "GET" ->
                        query.containsKey("uploads") ? Operation.LIST_UPLOADS : Operation.LIST;
                case "PUT" -> Operation.MAKE_BUCKET;
                default -> Operation.OTHER;
            };
        return switch (method) {
            case "GET" -> Operation.GET;
            case "HEAD" -> Operation.HEAD;
            case "PUT" -> isUpload ? Operation.PUT_PART : Operation.PUT;
            case "DELETE" -> isUpload ? Operation.ABORT_UPLOAD : Operation.DELETE;
            case "POST" -> isUpload ? Operation.COMPLETE_UPLOAD : Operation.BEGIN_UPLOAD;
            default -> Operation.OTHER;
        };
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding")))
            throw new IOException("chunked bodies are not spoken here");
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) throw new EOFException("request cut short");
        return body;
    }

    private static Map<String, String> parameters(String query) {
        var parameters = new HashMap<String, String>();
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) continue;
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            parameters.put(
                    name,
                    equals < 0
                            ? ""
                            : URLDecoder.decode(
                                    pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static String decoded(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                if (line.isEmpty()) return null;
                throw new EOFException("request cut short");
            }
            if (LINE_MAX < line.length()) throw new IOException("line too long");
            if (c != '\r') line.append((char) c);
        }
        return line.toString();
    }
}
