package dev.holdfast.azure.emulator;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request or an answer as it stands on the wire: its head with the empty line, and its body.
record Message(String head, byte[] body) {
    private static final int HEAD_MAX = 65_536;

    /// An answer of the proxy's own.
    static Message error(int status, String code) {
        String xml =
                "<Error><Code>%s</Code><Message>%s, by the proxy</Message></Error>"
                        .formatted(code, code);
        return own(status, "x-ms-error-code: " + code + "\r\nContent-Type: application/xml", xml);
    }

    /// An answer that claims success.
    static Message success(int status) {
        return own(
                status,
                "ETag: \"0x1\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                        + "x-ms-request-server-encrypted: true",
                "");
    }

    /// An answer that claims success and says nothing of it.
    static Message hollow(int status) {
        return own(status, "x-ms-version: 2026-02-06", "");
    }

    private static Message own(int status, String headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 %d By the proxy\r\n%s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(status, headers, bytes.length);
        return new Message(head, bytes);
    }

    /// The next request; null if the client has gone.
    static @Nullable Message request(InputStream in) throws IOException {
        String head = readHead(in);
        if (head.isEmpty()) return null;
        String length = header(head, "content-length");
        return new Message(head, in.readNBytes(length == null ? 0 : Integer.parseInt(length)));
    }

    /// The answer to a request; raw, so that chunks stay chunks.
    static Message answer(InputStream in, String method) throws IOException {
        String head = readHead(in);
        if (head.isEmpty()) throw new EOFException("no answer");
        String length = header(head, "content-length");
        if (method.equals("HEAD")) return new Message(head, new byte[0]);
        if (length != null) return new Message(head, in.readNBytes(Integer.parseInt(length)));
        String coding = header(head, "transfer-encoding");
        return new Message(head, coding == null ? new byte[0] : readChunks(in));
    }

    String line() {
        return head.substring(0, head.indexOf('\r'));
    }

    String method() {
        return head.substring(0, head.indexOf(' '));
    }

    Message without(String parameter) {
        String bent = line().replaceAll("&?" + parameter + "=[^& ]*", "");
        return new Message(bent + head.substring(head.indexOf('\r')), body);
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    private static @Nullable String header(String head, String name) {
        String start = "\r\n" + name + ":";
        int at = head.toLowerCase(Locale.ROOT).indexOf(start);
        if (at < 0) return null;
        int from = at + start.length();
        return head.substring(from, head.indexOf("\r\n", from)).strip();
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int match = 0;
        while (match < 4) {
            int next = in.read();
            if (next < 0 || HEAD_MAX < head.size()) return "";
            head.write(next);
            char wanted = match % 2 == 0 ? '\r' : '\n';
            match = next == wanted ? match + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        var raw = new ByteArrayOutputStream();
        while (true) {
            var line = new ByteArrayOutputStream();
            for (int next = in.read(); 0 <= next; next = in.read()) {
                line.write(next);
                if (next == '\n') break;
            }
            raw.writeBytes(line.toByteArray());
            String size = line.toString(StandardCharsets.ISO_8859_1).strip();
            if (size.isEmpty()) throw new EOFException("chunks cut short");
            int length = Integer.parseInt(size, 16);
            raw.writeBytes(in.readNBytes(length + 2));
            if (length == 0) return raw.toByteArray();
        }
    }
}
