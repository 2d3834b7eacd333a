package dev.holdfast.lifecycle;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.Token;
import java.util.Set;

/// Collects the components of a scope. The scope's token and gates can be had before it is built,
/// so that components can be constructed with them.
public final class ScopeBuilder {
    ScopeBuilder(String name, Env env) {}

    /// Adds a component. Throws [IllegalArgumentException] if the name is taken.
    public ScopeBuilder add(Component component) {
        throw new UnsupportedOperationException();
    }

    /// Nests `inner`: it is started with this scope if it is not running yet; its phases up to
    /// QUIESCE run within this scope's QUIESCE, the others within the same phase; its deadlines lie
    /// within this scope's slices. `requires` and `feeds` are those of a component.
    public ScopeBuilder nest(Scope inner, Set<String> requires, Set<String> feeds) {
        throw new UnsupportedOperationException();
    }

    /// Leaves `marker` at a clean stop.
    public ScopeBuilder cleanMarker(CleanMarker marker) {
        throw new UnsupportedOperationException();
    }

    /// The token that the scope will have.
    public Token token() {
        throw new UnsupportedOperationException();
    }

    /// A gate of the scope to come, watched by it.
    public Gate gate(String name) {
        throw new UnsupportedOperationException();
    }

    /// The scope. Throws [IllegalArgumentException] if a required component is missing, or if
    /// components require each other in a circle; the message names the path.
    public Scope build() {
        throw new UnsupportedOperationException();
    }
}
