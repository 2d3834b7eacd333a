package dev.holdfast.app.admin;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks an admin endpoint, within a time and up to a length.
public record AdminClient(URI endpoint, Duration patience) {
    private static final int BYTES_MAX = 16 * 1024 * 1024;

    /// The answer's text, and its status. Throws [IOException] if none comes in time.
    public Answer get(String path) throws IOException {
        var connection = (HttpURLConnection) endpoint.resolve(path).toURL().openConnection();
        int millis = (int) patience.toMillis();
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        try {
            int status = connection.getResponseCode();
            String type = String.valueOf(connection.getContentType());
            return new Answer(status, type, bodyOf(connection, status));
        } finally {
            connection.disconnect();
        }
    }

    private static String bodyOf(HttpURLConnection connection, int status) throws IOException {
        try (InputStream in =
                status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (in == null) return "";
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (BYTES_MAX < bytes.length) throw new IOException("answer longer than 16 MiB");
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
