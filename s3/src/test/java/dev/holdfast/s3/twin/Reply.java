package dev.holdfast.s3.twin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a server answers. A HEAD's body is announced and not sent.
record Reply(int status, Map<String, String> headers, byte[] body) {
    static Reply empty(int status) {
        return new Reply(status, Map.of(), new byte[0]);
    }

    static Reply xml(int status, String xml) {
        String whole = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml;
        return new Reply(
                status,
                Map.of("Content-Type", "application/xml"),
                whole.getBytes(StandardCharsets.UTF_8));
    }

    static Reply error(int status, String code) {
        return xml(
                status,
                "<Error><Code>%s</Code><Message>%s, by the double</Message></Error>"
                        .formatted(code, code));
    }

    Reply with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body);
    }

    /// A success that says `inside` within one element.
    static Reply result(String root, String inside) {
        return xml(200, "<%s>%s</%s>".formatted(root, inside, root));
    }

    static String element(String name, String text) {
        return "<%s>%s</%s>".formatted(name, escaped(text), name);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
