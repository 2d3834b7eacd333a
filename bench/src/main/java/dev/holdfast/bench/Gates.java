package dev.holdfast.bench;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;

/// Which gate stands at the entrance of the database that is measured.
enum Gates {
    /// The kernel's, as it is shipped: it knows everybody inside by name.
    NAMED,
    /// A bare counter in its place.
    BARE;

    private static final String CLASS_PATH = "java.class.path";

    private static final String SHIPPED = System.getProperty(CLASS_PATH);

    /// Has every JVM that JMH starts from now on take this gate: JMH hands its own class path on.
    void use() {
        String first = this == BARE ? bareClasses() + File.pathSeparator : "";
        System.setProperty(CLASS_PATH, first + SHIPPED);
    }

    private static Path bareClasses() {
        try {
            var own = Gates.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(own).resolveSibling("bare");
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
