package dev.holdfast.lifecycle;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.plan.Order;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Collects the components of a scope. The scope's token and gates can be had before it is built,
/// so that components can be constructed with them.
public final class ScopeBuilder {
    private final Env env;
    private final StateWord word;
    private final List<Component> components = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private @Nullable CleanMarker marker;
    private Duration startBudget = Duration.ofMinutes(10);
    private Duration rollBackBudget = Duration.ofSeconds(30);
    private Predicate<Throwable> isCorruption = _ -> false;
    private Function<Throwable, @Nullable Certainty> certainty = _ -> null;
    private final List<BiConsumer<String, Throwable>> failureListeners = new ArrayList<>();

    ScopeBuilder(String name, Env env) {
        this.env = env;
        word = new StateWord(name, env);
    }

    /// Adds a component.
    public ScopeBuilder add(Component component) {
        components.add(component);
        return this;
    }

    /// Nests `inner`: it is started with this scope if it is not running yet; its phases up to
    /// QUIESCE run within this scope's QUIESCE, the others within the same phase; its deadlines lie
    /// within this scope's slices. `requires` and `feeds` are those of a component.
    public ScopeBuilder nest(Scope inner, Set<String> requires, Set<String> feeds) {
        return add(new NestedScope(inner, Set.copyOf(requires), Set.copyOf(feeds)));
    }

    /// Leaves `cleanMarker` at a clean stop.
    public ScopeBuilder cleanMarker(CleanMarker cleanMarker) {
        marker = cleanMarker;
        return this;
    }

    /// Bounds the start, and the roll-back of one that failed.
    public ScopeBuilder budgets(Duration start, Duration rollBack) {
        require(start.isPositive() && rollBack.isPositive(), "budgets: %s, %s", start, rollBack);
        startBudget = start;
        rollBackBudget = rollBack;
        return this;
    }

    /// Says which errors mean that stored bytes are not what they claim to be.
    public ScopeBuilder corruption(Predicate<Throwable> means) {
        isCorruption = means;
        return this;
    }

    /// Says what errors mean for the work that met them; null for those it does not know.
    public ScopeBuilder certainty(Function<Throwable, @Nullable Certainty> means) {
        certainty = means;
        return this;
    }

    /// Like [Scope#onFailure], from the start on.
    public ScopeBuilder onFailure(BiConsumer<String, Throwable> listener) {
        failureListeners.add(listener);
        return this;
    }

    /// The token that the scope will have.
    public Token token() {
        return word.token();
    }

    /// A gate of the scope to come, whose holders its reports name.
    public Gate gate(String name) {
        Gate gate = new Gate(name, word.token());
        gates.add(gate);
        return gate;
    }

    /// The scope. Throws [IllegalArgumentException] if a name is taken twice, an edge leads
    /// nowhere, or components require each other in a circle; the message names the path.
    public Scope build() {
        Order order =
                new Order(
                        components.stream()
                                .map(c -> new Order.Part(c.name(), c.requires(), c.feeds()))
                                .toList());
        ErrorCourt court = new ErrorCourt(word, isCorruption, certainty);
        Scope.Terms terms = new Scope.Terms(marker, startBudget, rollBackBudget);
        Scope scope = new Scope(word, env, order, court, terms).with(components, gates);
        failureListeners.forEach(scope::onFailure);
        return scope;
    }

    /// A scope as a component of the one around it.
    ///
    /// Its gates stay open while the outer scope drains, because those who are drained work through
    /// it: all its phases up to QUIESCE run within the outer QUIESCE.
    record NestedScope(Scope inner, Set<String> requires, Set<String> feeds) implements Component {
        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of();
        }

        @Override
        public void start(StartContext context) throws Exception {
            inner.startUnlessRunning();
        }

        @Override
        public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
            return Outcome.done();
        }
    }
}
