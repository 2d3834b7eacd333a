package dev.holdfast.simulation.swarm.act;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.simulation.check.Sight;
import dev.holdfast.simulation.check.Sight.Seen;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Keys;
import dev.holdfast.simulation.swarm.stage.Observer;
import dev.holdfast.simulation.swarm.stage.Session;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;

/// Scans a view upwards, lets others write, scans the same view downwards and gets from it: a view
/// never moves.
final class ScanTwice implements Action {
    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        Journal journal = session.journal();
        Observer observer = session.world().observer();
        String who = "scan in life " + session.life();
        long call = journal.tick();
        try (ReadView view = session.db().view()) {
            SortedMap<String, Seen> first = observer.scanned(who, view, Order.ASCENDING);
            long end = journal.tick();
            observer.note(
                    new Sight(
                            who,
                            session.life(),
                            view.seq(),
                            first,
                            call,
                            end,
                            journal.wallMillis()));
            session.pause(500);
            SortedMap<String, Seen> second = observer.scanned(who, view, Order.DESCENDING);
            if (!observer.isSame(first, second))
                journal.never(who + ": a view moved from " + first + " to " + second);
            List<String> keys = session.keys().all();
            String key = keys.get(chance.nextInt(keys.size()));
            Bytes got = view.get(Keys.bytes(key));
            String value = got == null ? null : got.toUtf8();
            String before = Objects.requireNonNull(first.get(key)).value();
            boolean isOver = value == null && before != null && observer.hasExpired(key, before);
            if (!isOver && !Objects.equals(value, before))
                journal.never(who + ": get of " + key + " differs from the scan: " + value);
        }
    }
}
