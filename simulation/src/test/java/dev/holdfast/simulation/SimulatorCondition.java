package dev.holdfast.simulation;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Skips every test of this module aloud where the simulator can not run: on another JDK, or
/// without its agent. It needs no mention in a test.
public class SimulatorCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String missing = Simulation.missing();
        return missing == null
                ? ConditionEvaluationResult.enabled("the simulator can run")
                : ConditionEvaluationResult.disabled(missing);
    }
}
