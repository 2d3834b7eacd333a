/// The garden: deterministic scheduler, virtual time, faulty worlds, history checkers.
///
/// It exports nothing: no other module stands on it.
module dev.holdfast.simulation {
    requires java.instrument;
    requires transitive dev.holdfast.engine;

    uses dev.holdfast.simulation.history.History;
}
