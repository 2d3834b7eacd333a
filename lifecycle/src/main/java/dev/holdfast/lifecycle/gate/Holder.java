package dev.holdfast.lifecycle.gate;

import org.jspecify.annotations.Nullable;

/// Who is inside a gate, and what it does there.
///
/// @param thread the one that entered; its stack tells where the work stands
public record Holder(String who, String doing, @Nullable Thread thread) {
    @Override
    public String toString() {
        String on = thread == null ? "" : " on `" + thread.getName() + "`";
        return "`" + who + "` doing `" + doing + "`" + on;
    }
}
