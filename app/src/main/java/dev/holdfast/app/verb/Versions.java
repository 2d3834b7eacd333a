package dev.holdfast.app.verb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which Holdfast this is, as the build wrote it down.
final class Versions {
    private Versions() {}

    static String program() {
        var properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("/holdfast.properties")) {
            if (in != null) properties.load(in);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return properties.getProperty("version", "unknown");
    }
}
