package dev.holdfast.simulation.mutant;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/// Tells one history, with the classes of one loader.
final class Teller {
    private final Object history;
    private final Constructor<?> newSimulation;
    private final Method setup;
    private final Method run;

    /// @param type a [dev.holdfast.simulation.history.History]
    Teller(ClassLoader loader, String type) throws ReflectiveOperationException {
        Constructor<?> made = loader.loadClass(type).getDeclaredConstructor();
        made.setAccessible(true);
        history = made.newInstance();
        Class<?> simulation = loader.loadClass("dev.holdfast.simulation.Simulation");
        Class<?> setups = loader.loadClass("dev.holdfast.simulation.Setup");
        newSimulation = simulation.getConstructor(long.class, setups);
        setup = history.getClass().getMethod("setup", long.class);
        run = history.getClass().getMethod("run", simulation);
    }

    /// What is wrong at `seed`; empty if nothing is. An invariant that the code asserts itself
    /// counts as well.
    String faultAt(long seed) throws ReflectiveOperationException {
        try {
            run.invoke(history, newSimulation.newInstance(seed, setup.invoke(history, seed)));
            return "";
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof AssertionError failed) return String.valueOf(failed);
            throw thrown;
        }
    }
}
