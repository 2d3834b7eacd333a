/// The garden: deterministic scheduler, virtual time, faulty worlds, history checkers.
module dev.holdfast.simulation {
    requires transitive dev.holdfast.engine;

    exports dev.holdfast.simulation;
    exports dev.holdfast.simulation.history;
    exports dev.holdfast.simulation.store;

    uses dev.holdfast.simulation.history.History;
}
