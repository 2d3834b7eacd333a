package dev.holdfast.simulation.swarm.act;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.ChangesMissing;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.OwnedElsewhere;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.RunSettings;
import dev.holdfast.simulation.swarm.stage.Session;
import java.util.SplittableRandom;

/// A user of one life of the database: does one thing after another until it has had enough, or the
/// life has ended.
public final class Client implements Runnable {
    private static final Actions CORE = Actions.ofClients();
    private static final Actions FEATURES = Actions.withFeatures();

    private final Session session;
    private final SplittableRandom chance;

    public Client(Session session) {
        this.session = session;
        chance = session.world().chance();
    }

    @Override
    public void run() {
        Journal journal = session.journal();
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> journal.never("client: " + broken));
        RunSettings settings = session.world().settings();
        Actions actions = settings.features().isAny() ? FEATURES : CORE;
        try {
            for (int i = 0; i < settings.operationsMax() && !session.hasEnded(); i++) {
                act(actions.drawn(chance));
                session.pause(settings.thinkMillisMax());
            }
        } catch (InterruptedException interrupted) {
            journal.never("a client was interrupted: " + interrupted);
        }
    }

    private void act(Action action) throws InterruptedException {
        try {
            action.run(session, chance);
        } catch (StorageException failed) {
            judge(failed);
        }
    }

    private void judge(StorageException failed) {
        Journal journal = session.journal();
        switch (failed) {
            case Closed closed when closed.reason() == Closed.Reason.EXPIRED ->
                    journal.sometimes("transaction expired");
            case Closed closed -> session.ended(closed);
            case Unavailable _ -> journal.sometimes("unavailable");
            case Conflict _ -> journal.sometimes("conflict");
            case CorruptData damage -> {
                if (session.world().isDamage(damage)) journal.sometimes("damage reported");
                else journal.never("damage that nobody did: " + damage);
            }
            case Invalid _, OwnedElsewhere _, ChangesMissing _ ->
                    journal.never("called wrong: " + failed);
        }
    }
}
