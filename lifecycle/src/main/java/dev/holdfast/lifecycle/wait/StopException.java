package dev.holdfast.lifecycle.wait;

/// Work refused or cut by a stop: the kernel's own exception, thrown by nobody else.
///
/// It names the scope and the epoch of the stop, so that an error which merely coincides with a
/// stop is never taken for one that the stop caused.
public final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StateWord word;
    private final long epoch;
    private final Certainty certainty;

    StopException(StateWord word, long epoch, Certainty certainty, String what) {
        super(what + ". scope=`" + word.name() + "`, level=`" + word.token().level() + "`");
        this.word = word;
        this.epoch = epoch;
        this.certainty = certainty;
    }

    /// True if it was the stop of `scope`, or of one that it is nested in, in its present epoch.
    public boolean isOf(StateWord scope) {
        for (StateWord each = scope; each != null; each = each.parent()) {
            if (each == word) return each.epoch() == epoch;
        }
        return word.isWithin(scope) && word.epoch() == epoch;
    }

    /// True if it was a stop of `scope`, or of one around or inside it, in any epoch: also one that
    /// was taken back meanwhile.
    public boolean isOfAnyEpochOf(StateWord scope) {
        return scope.isWithin(word) || word.isWithin(scope);
    }

    /// What became of the work.
    public Certainty certainty() {
        return certainty;
    }
}
