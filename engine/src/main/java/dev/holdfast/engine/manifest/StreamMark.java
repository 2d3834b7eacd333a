package dev.holdfast.engine.manifest;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.engine.api.DbStats;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a consumer of changes has the manifest say of it: the name of a checkpoint that collectors
/// and writers understand. Any other engine takes it for a checkpoint like others.
///
/// ```
/// changes:<name>:<first log object>:<last commit taken>:<log whole behind commit>
/// ```
///
/// @param name who it is
/// @param walId the first log object that it may still read
/// @param seq the last commit that it has taken
/// @param wholeSeq no commit behind this one is left out of the log while the mark stands
public record StreamMark(String name, long walId, long seq, long wholeSeq) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern FORM =
            Pattern.compile("changes:(" + NAME.pattern() + "):(\\d{1,18}):(\\d{1,18}):(\\d{1,18})");

    public StreamMark {
        require(isName(name), "not a name of a consumer: `%s`", name);
        require(0 < walId && 0 <= seq && 0 <= wholeSeq, "not a place: %d, %d", walId, seq);
    }

    /// True if a consumer may be called so.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// True if a consumer is registered in `manifest`.
    public static boolean isIn(Manifest manifest) {
        return manifest.checkpoints().stream().anyMatch(each -> of(each) != null);
    }

    /// How many are registered in `manifest`, and how far the last of them is.
    public static DbStats.Consumers figuresIn(Manifest manifest) {
        int count = 0;
        long oldest = Long.MAX_VALUE;
        for (Checkpoint each : manifest.checkpoints()) {
            StreamMark mark = of(each);
            if (mark == null) continue;
            count++;
            oldest = Math.min(oldest, mark.seq);
        }
        return count == 0 ? DbStats.Consumers.NONE : new DbStats.Consumers(count, oldest);
    }

    /// The mark in `checkpoint`; null if it is one of another kind.
    public static @Nullable StreamMark of(Checkpoint checkpoint) {
        String text = checkpoint.name();
        if (text == null) return null;
        Matcher form = FORM.matcher(text);
        if (!form.matches()) return null;
        return new StreamMark(
                form.group(1),
                Math.max(1, Long.parseLong(form.group(2))),
                Long.parseLong(form.group(3)),
                Long.parseLong(form.group(4)));
    }

    /// The same consumer, which has taken everything up to `seq` and reads on in object `walId`.
    public StreamMark at(long walId, long seq) {
        return new StreamMark(name, walId, seq, wholeSeq);
    }

    /// How the checkpoint is called.
    public String text() {
        return "changes:%s:%d:%d:%d".formatted(name, walId, seq, wholeSeq);
    }
}
