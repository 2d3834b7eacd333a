package dev.holdfast.simulation.mutant;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.holdfast.simulation.mutant.Verdict.Broken;
import dev.holdfast.simulation.mutant.Verdict.Found;
import dev.holdfast.simulation.mutant.Verdict.Survived;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// JUnit tests of one tag, run in the loader of a mutant.
final class TestRun implements TestExecutionListener {
    private final List<DiscoverySelector> selectors = new ArrayList<>();
    private final String tag;
    private final List<String> failures = new ArrayList<>();
    private final List<String> accidents = new ArrayList<>();
    private int tests;

    /// @param classes names of test classes
    TestRun(ClassLoader loader, List<String> classes, String tag) {
        this.tag = tag;
        for (String each : classes) selectors.add(selectClass(loader, each));
    }

    /// Runs them on this thread, whose context loader is that of the mutant.
    Verdict verdict() {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectors)
                        .filters(TagFilter.includeTags(tag))
                        .build();
        var config = LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false);
        LauncherFactory.create(config.build()).execute(request, this);
        if (!accidents.isEmpty()) return new Broken(accidents.toString());
        if (!failures.isEmpty()) return new Found(failures.getFirst(), -1);
        return tests == 0 ? new Broken("no test carries " + tag) : new Survived();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) tests++;
        if (result.getStatus() != TestExecutionResult.Status.FAILED) return;
        Throwable thrown = result.getThrowable().orElseThrow();
        String line = test.getDisplayName() + ": " + thrown;
        if (!test.isTest() || isAccident(thrown)) accidents.add(line);
        else failures.add(line);
    }

    /// True if code was missing, rather than wrong.
    private static boolean isAccident(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            boolean isMissing =
                    each instanceof LinkageError || each instanceof ReflectiveOperationException;
            if (isMissing) return true;
        }
        return false;
    }
}
