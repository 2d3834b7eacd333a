package dev.holdfast.azure.emulator;

import java.net.URI;

/// One request as it passes the proxy.
///
/// @param number counted from 0
/// @param key the blob's name; empty for one about the container
public record Call(long number, Operation operation, String key) {
    /// What a request asks for.
    public enum Operation {
        GET,
        HEAD,
        PUT,
        DELETE,
        LIST,
        PUT_BLOCK,
        COMMIT_BLOCKS,
        OTHER
    }

    /// Reads the first line of a request.
    static Call of(long number, String line) {
        String[] words = line.split(" ");
        URI target = URI.create(words[1]);
        String query = String.valueOf(target.getRawQuery());
        String[] path = target.getPath().split("/", 4);
        return new Call(number, operation(words[0], query), path.length < 4 ? "" : path[3]);
    }

    private static Operation operation(String method, String query) {
        if (query.contains("comp=list&") || query.endsWith("comp=list")) return Operation.LIST;
        if (query.contains("comp=blocklist")) return Operation.COMMIT_BLOCKS;
        if (query.contains("comp=block&") || query.endsWith("comp=block"))
            return Operation.PUT_BLOCK;
        if (query.contains("restype=")) return Operation.OTHER;
        return switch (method) {
            case "GET" -> Operation.GET;
            case "HEAD" -> Operation.HEAD;
            case "PUT" -> Operation.PUT;
            case "DELETE" -> Operation.DELETE;
            default -> Operation.OTHER;
        };
    }
}
