package dev.holdfast.app.admin;

/// What an operator's question is answered with.
public record Answer(int status, String contentType, String body) {
    /// Text with status 200.
    public static Answer text(String body) {
        return new Answer(200, "text/plain; charset=utf-8", body);
    }

    /// JSON with status 200.
    public static Answer json(String body) {
        return new Answer(200, "application/json", body);
    }

    /// Text with status 503: not now.
    public static Answer unavailable(String body) {
        return new Answer(503, "text/plain; charset=utf-8", body);
    }
}
