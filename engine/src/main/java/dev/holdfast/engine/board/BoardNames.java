package dev.holdfast.engine.board;

import dev.holdfast.base.Ulid;
import dev.holdfast.format.work.PartKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names of papers, such as `workers/01J.../7-1-3-2.claim`, and of workers that are there, such
/// as `workers/here/name`, under the root of one database. Immutable.
public final class BoardNames {
    private static final String FOLDER = "workers/";
    private static final String HERE = "here/";
    private static final Pattern PAPER =
            Pattern.compile(
                    "([0-9A-Z]{26})/(\\d{1,18})-(\\d{1,9})-(\\d{1,9})-(\\d{1,9})"
                            + "\\.(order|claim|result)");
    private static final Pattern WORKER = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final String prefix;

    /// @param root the path of the database, empty for the store's root
    public BoardNames(String root) {
        prefix = (root.isEmpty() ? "" : root + "/") + FOLDER;
    }

    /// What a name stands for.
    record Posting(PartKey key, Paper paper) {}

    /// What all names begin with.
    public String prefix() {
        return prefix;
    }

    /// What the names of all workers begin with.
    public String workers() {
        return prefix + HERE;
    }

    String job(Ulid job) {
        return prefix + job + "/";
    }

    String paper(PartKey key, Paper paper) {
        return "%s%d-%d-%d-%d%s"
                .formatted(
                        job(key.job()),
                        key.epoch(),
                        key.round(),
                        key.part(),
                        key.attempt(),
                        paper.suffix());
    }

    String worker(String name) {
        return workers() + name;
    }

    /// True if a worker may be called that.
    public static boolean isWorker(String name) {
        return WORKER.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    /// The paper of that name; null if it is none.
    @Nullable Posting posting(String name) {
        Matcher paper = PAPER.matcher(name);
        if (!name.startsWith(prefix)) return null;
        paper.region(prefix.length(), name.length());
        if (!paper.matches()) return null;
        try {
            var key =
                    new PartKey(
                            Ulid.parse(paper.group(1)),
                            Long.parseLong(paper.group(2)),
                            Integer.parseInt(paper.group(3)),
                            Integer.parseInt(paper.group(4)),
                            Integer.parseInt(paper.group(5)));
            return new Posting(
                    key, Paper.valueOf(paper.group(6).toUpperCase(java.util.Locale.ROOT)));
        } catch (IllegalArgumentException foreign) {
            return null;
        }
    }

    /// The compaction that an object of that name is about; null if it is about none.
    public @Nullable Ulid jobOf(String name) {
        Posting posting = posting(name);
        return posting == null ? null : posting.key().job();
    }

    /// True if an object of that name says that a worker is there.
    public boolean isPresence(String name) {
        return name.startsWith(workers()) && isWorker(name.substring(workers().length()));
    }
}
