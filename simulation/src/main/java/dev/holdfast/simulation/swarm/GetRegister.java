package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Bytes;
import dev.holdfast.simulation.check.Register;
import java.util.List;
import java.util.SplittableRandom;

/// Gets one register.
final class GetRegister implements Action {
    @Override
    public void run(Session session, SplittableRandom chance) {
        Journal journal = session.journal();
        List<String> registers = session.keys().registers();
        String key = registers.get(chance.nextInt(registers.size()));
        long call = journal.tick();
        Bytes found = session.db().get(Keys.bytes(key));
        String value = found == null ? Register.ABSENT : found.toUtf8();
        journal.add(new Journal.Got(session.life(), key, value, call, journal.tick()));
    }
}
