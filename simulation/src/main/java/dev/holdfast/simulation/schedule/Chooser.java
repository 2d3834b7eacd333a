package dev.holdfast.simulation.schedule;

import java.util.List;

/// Decides who runs next, and where a running thread gives way: with it the whole order of a run.
public interface Chooser {
    /// The answer of [#next] that lets time jump to the next timer.
    int EXPIRE = -1;

    /// The answer of [#next] that ends the run here.
    int STOP = -2;

    /// The index of the thread in `ready` that runs next. `ready` is not empty, and its order is
    /// decided by the choices so far.
    ///
    /// @param timers how many timers are set: [#EXPIRE] needs one
    int next(List<Strand> ready, int timers);

    /// True if the running thread gives way before an access of that kind.
    boolean switchesBefore(int kind);
}
