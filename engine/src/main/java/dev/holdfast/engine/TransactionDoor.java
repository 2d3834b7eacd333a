package dev.holdfast.engine;

import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.ingest.Ingests;
import dev.holdfast.engine.transact.Transactions;
import dev.holdfast.engine.write.WriteSide;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;

/// What the database lets its transactions and ingests do.
record TransactionDoor(Calls calls, WriteSide writes) implements Transactions.Door, Ingests.Door {
    @Override
    public long enter(String doing) {
        return calls.enter(doing);
    }

    @Override
    public void leave(long ticket) {
        calls.leave(ticket);
    }

    @Override
    public void awaitDurable(long seq, Durability level, Deadline deadline)
            throws InterruptedException {
        writes.awaitDurable(seq, level, deadline);
    }

    @Override
    public void fork(String name, Task.Body body) {
        calls.fork(name, body);
    }

    @Override
    public Token token() {
        return calls.token();
    }
}
