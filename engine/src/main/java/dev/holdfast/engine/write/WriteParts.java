package dev.holdfast.engine.write;

import dev.holdfast.base.Env;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.wait.Token;

/// What every part of the way of a batch needs.
record WriteParts(Env env, CommitLog log, Backlog backlog, Ending ending, Token token) {
    MemoryBudget memory() {
        return backlog.memory().budget();
    }
}
