package dev.holdfast.s3.twin;

import java.util.Map;

/// One request as a server sees it: the how-manieth (from 0), what it asks, of which key or prefix.
public record Call(long number, Operation operation, String key, Map<String, String> headers) {
    /// What a request asks for.
    public enum Operation {
        GET,
        HEAD,
        PUT,
        DELETE,
        LIST,
        BEGIN_UPLOAD,
        PUT_PART,
        COMPLETE_UPLOAD,
        ABORT_UPLOAD,
        LIST_UPLOADS,
        MAKE_BUCKET,
        OTHER
    }
}
