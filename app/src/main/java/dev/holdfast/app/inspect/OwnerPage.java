package dev.holdfast.app.inspect;

import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.local.DatabaseOwner.Hint;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who had a database last, by the word that it left in the store, as a page.
public final class OwnerPage {
    private OwnerPage() {}

    /// What `owner` said; null if nobody said anything.
    public static @Nullable Page of(@Nullable DatabaseOwner owner) {
        if (owner == null) return null;
        return new Page()
                .add("epoch", owner.epoch())
                .add("mode", owner.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .add("node", owner.node() == null ? null : owner.node().toString())
                .add("directory", owner.directory().isEmpty() ? null : owner.directory())
                .add("since", owner.since().toString())
                .add("drained", owner.end() == DatabaseOwner.End.DRAINED ? "yes" : "no")
                .add("lastWord", of(owner.hint()));
    }

    private static @Nullable Page of(@Nullable Hint hint) {
        if (hint == null) return null;
        return new Page()
                .add("at", hint.at().toString())
                .add("commitsNotInStore", hint.commits())
                .add("bytes", hint.bytes())
                .add("ageSeconds", hint.age().toSeconds());
    }
}
