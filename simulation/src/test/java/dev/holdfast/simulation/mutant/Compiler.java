package dev.holdfast.simulation.mutant;

import static java.util.stream.Collectors.joining;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles edited sources in memory, against the classes of the house.
final class Compiler {
    private Compiler() {}

    /// The classes, by their names, that `edits` change. Throws [IllegalStateException] if an edit
    /// does not fit, or does not compile.
    static Map<String, byte[]> compile(List<Edit> edits) {
        var sources = new LinkedHashMap<String, String>();
        for (Edit edit : edits) {
            String before = sources.computeIfAbsent(edit.type(), House::source);
            sources.put(edit.type(), edit.applyTo(before));
        }
        return sources.isEmpty() ? Map.of() : compile(sources);
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) {
        var javac = ToolProvider.getSystemJavaCompiler();
        var messages = new StringWriter();
        try (var memory = new Memory(javac.getStandardFileManager(null, null, null))) {
            var units =
                    sources.entrySet().stream()
                            .map(source -> new Source(source.getKey(), source.getValue()))
                            .toList();
            List<String> options =
                    List.of("-Xlint:none", "-proc:none", "-implicit:none", "-cp", classPath());
            if (!javac.getTask(messages, memory, null, options, null, units).call())
                throw new IllegalStateException("does not compile: " + messages);
            return memory.classes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String classPath() {
        String ours = House.classFolders().stream().map(Path::toString).collect(joining(":"));
        return ours + ":" + System.getProperty("java.class.path");
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("edited:///" + type.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /// Keeps what the compiler writes.
    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        Memory(JavaFileManager inner) {
            super(inner);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
            var bytes = new ByteArrayOutputStream();
            written.put(type, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + type), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }

        Map<String, byte[]> classes() {
            var classes = new TreeMap<String, byte[]>();
            written.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
            return classes;
        }
    }
}
