package dev.holdfast.lifecycle.tangle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a thread stands, in text: bounded, and without the frames of parking.
///
/// The thread itself is asked, because dumps of all threads do not show virtual ones.
public final class Frames {
    private static final int FRAMES_MAX = 16;

    private Frames() {}

    /// The frames of `thread`, the innermost first.
    public static List<String> of(@Nullable Thread thread) {
        List<String> frames = new ArrayList<>();
        if (thread == null) return frames;
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (FRAMES_MAX <= frames.size()) break;
            if (!frames.isEmpty() || !isPlumbing(frame)) frames.add(frame.toString());
        }
        return frames;
    }

    /// The innermost frame, after a space and `at`; nothing if there is none.
    public static String first(@Nullable Thread thread) {
        List<String> frames = of(thread);
        return frames.isEmpty() ? "" : " at " + frames.getFirst();
    }

    /// All frames, each on an indented line of its own.
    public static String all(@Nullable Thread thread) {
        StringBuilder out = new StringBuilder();
        for (String frame : of(thread)) out.append("\n    at ").append(frame);
        return out.toString();
    }

    private static boolean isPlumbing(StackTraceElement frame) {
        String module = String.valueOf(frame.getModuleName());
        return module.startsWith("java.")
                || module.startsWith("jdk.")
                || frame.getClassName().startsWith("dev.holdfast.lifecycle.wait.");
    }
}
