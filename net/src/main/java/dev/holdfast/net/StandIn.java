package dev.holdfast.net;

/// Reads a pipe in the place of its reader while that one waits for input: so that what has come on
/// many pipes can be read by one thread, and no thread is woken for each.
public interface StandIn {
    /// Something has come, and the pipe is lent: its reader stays where it is until
    /// [BytePipe#giveBack]. Must not wait.
    void came();

    /// Nothing else comes for the moment, on any pipe: what came can be read together. Must not
    /// wait.
    void allCame();
}
