package dev.holdfast.redis.config;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// A file of parameters in the form of `redis.conf`: a name and its value a line, `#` before what
/// is for people.
///
/// A value with blanks may stand in double quotes, in which `\"` and `\\` are known. A name may
/// come again where its value is a list, as that of `client-output-buffer-limit`.
@Adapter("the one file that CONFIG REWRITE writes, named where the process is started")
public final class ParameterFile {
    private static final String ADDED = "# Added by CONFIG REWRITE";
    private static final Set<String> LISTS = Set.of("client-output-buffer-limit");
    private static final long BYTES_MAX = 1 << 20;

    private final Path path;

    public ParameterFile(Path path) {
        this.path = path;
    }

    /// The values by name, in the order of the file. Throws `IllegalArgumentException` with the
    /// line that makes no sense, or if the file cannot be read.
    public SequencedMap<String, String> read() {
        SequencedMap<String, String> values = new LinkedHashMap<>();
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            String name = nameIn(lines.get(i));
            if (name.isEmpty()) continue;
            String value = unquoted(lines.get(i).strip().substring(name.length()).strip());
            String before = values.get(name);
            if (before != null && !LISTS.contains(name))
                throw new IllegalArgumentException(path + ":" + (i + 1) + ": given twice: " + name);
            values.put(name, before == null ? value : before + " " + value);
        }
        return values;
    }

    /// Writes `values` into the file, whole or not at all: names that are there get their new
    /// value, others are added, and everything else stays as it is.
    public void rewrite(Map<String, String> values) throws IOException {
        List<String> lines = new ArrayList<>();
        Set<String> written = new LinkedHashSet<>();
        for (String line : lines()) {
            String name = nameIn(line);
            if (!values.containsKey(name)) lines.add(line);
            else if (written.add(name)) lines.add(name + " " + quoted(values.get(name)));
        }
        List<String> added = new ArrayList<>();
        values.forEach((name, value) -> {
            if (!written.contains(name)) added.add(name + " " + quoted(value));
        });
        if (!added.isEmpty() && !lines.contains(ADDED)) lines.add(ADDED);
        lines.addAll(added);
        replace(String.join("\n", lines) + "\n");
    }

    // A new file of its own, which only this user may read, takes the place of the old one.
    private void replace(String text) throws IOException {
        Path whole = path.toAbsolutePath();
        Path fresh = Files.createTempFile(whole.getParent(), "redis-conf", ".tmp");
        try {
            try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) out.write(bytes);
                out.force(true);
            }
            Files.move(
                    fresh,
                    whole,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private List<String> lines() {
        try {
            if (BYTES_MAX < Files.size(path)) throw new IOException("too large");
            return Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new IllegalArgumentException("parameters unreadable: " + path, failure);
        }
    }

    // Empty for a line without one.
    private static String nameIn(String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) return "";
        return text.split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static String unquoted(String value) {
        boolean isQuoted = 2 <= value.length() && value.startsWith("\"") && value.endsWith("\"");
        if (!isQuoted) return value;
        var text = new StringBuilder();
        String inner = value.substring(1, value.length() - 1);
        for (int i = 0; i < inner.length(); i++) {
            if (inner.charAt(i) == '\\' && i + 1 < inner.length()) i++;
            text.append(inner.charAt(i));
        }
        return text.toString();
    }

    private static String quoted(String value) {
        boolean isPlain = value.matches("[^\\s\"'\\\\#]+");
        return isPlain ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
