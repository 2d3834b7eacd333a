package dev.holdfast.app.admin;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a running server leaves for those who know only its process: where its admin endpoint
/// listens, and what it answered when asked by signal.
///
/// Files of the temporary folder, `holdfast-PID.json` and `holdfast-PID.stuck.json`, for the
/// server's user alone. They go when the process ends in order; what a killed one leaves is taken
/// away by the next server of that user.
@Adapter("files of the temporary folder, with their owners and modes")
public final class RunFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PREFIX = "holdfast-";
    private static final String SUFFIX = ".json";
    private static final String STUCK_SUFFIX = ".stuck.json";
    private static final int BYTES_MAX = 8 * 1024 * 1024;

    private final Path folder;
    private final long pid;

    /// Of the process `pid` of this machine.
    public static RunFile of(long pid) {
        return new RunFile(Path.of(System.getProperty("java.io.tmpdir")), pid);
    }

    RunFile(Path folder, long pid) {
        this.folder = folder;
        this.pid = pid;
    }

    /// Says where the admin endpoint is.
    public void write(String adminUrl) throws IOException {
        sweep();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("pid", pid);
        object.put("admin", adminUrl);
        put(file(SUFFIX), JSON.writeValueAsString(object) + "\n");
    }

    /// Where the admin endpoint is; null if nobody says so.
    public @Nullable String adminUrl() throws IOException {
        String text = read(file(SUFFIX));
        if (text == null) return null;
        JsonNode admin = JSON.readTree(text).get("admin");
        return admin == null || !admin.isString() ? null : admin.asString();
    }

    /// Leaves the answer to an inquiry by signal.
    public void answer(String json) throws IOException {
        put(file(STUCK_SUFFIX), json);
    }

    /// The answer to an inquiry by signal; null if there is none.
    public @Nullable String answer() throws IOException {
        return read(file(STUCK_SUFFIX));
    }

    /// When the answer was left, in milliseconds since the Unix epoch; 0 if there is none.
    public long answeredMillis() throws IOException {
        try {
            return Files.getLastModifiedTime(file(STUCK_SUFFIX), LinkOption.NOFOLLOW_LINKS)
                    .toMillis();
        } catch (NoSuchFileException none) {
            return 0;
        }
    }

    /// Takes both away.
    public void remove() throws IOException {
        Files.deleteIfExists(file(SUFFIX));
        Files.deleteIfExists(file(STUCK_SUFFIX));
    }

    private Path file(String suffix) {
        return folder.resolve(PREFIX + pid + suffix);
    }

    // Others may write into the temporary folder: a name that is taken is never written through.
    private static void put(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(draft);
        Files.createFile(
                draft,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text, StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    // Believed only if it is the process's owner who says so.
    private @Nullable String read(Path file) throws IOException {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return null;
            if (BYTES_MAX < Files.size(file)) return null;
            String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
            String user =
                    ProcessHandle.of(pid).flatMap(process -> process.info().user()).orElse("");
            if (!user.isEmpty() && !user.equals(owner)) return null;
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, PREFIX + "[0-9]*" + SUFFIX)) {
            for (Path file : files) if (isOfTheDead(file)) deleteIfOurs(file);
        }
    }

    private static boolean isOfTheDead(Path file) {
        String digits =
                file.getFileName()
                        .toString()
                        .substring(PREFIX.length())
                        .replaceAll("(\\.stuck)?\\.json$", "");
        if (!digits.matches("\\d{1,10}")) return false;
        return ProcessHandle.of(Long.parseLong(digits)).isEmpty();
    }

    private static void deleteIfOurs(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException ofAnother) {
            return; // its own user's next server takes it away
        }
    }
}
