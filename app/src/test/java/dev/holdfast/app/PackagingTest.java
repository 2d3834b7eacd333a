package dev.holdfast.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.app.verb.Verbs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What supervisors are told of the server fits what the server does.
class PackagingTest {
    private static final Path PACKAGING = Path.of("..", "packaging");
    private static final long STOP_SECONDS = Long.parseLong(Main.STOP_SECONDS_DEFAULT);
    private static final long WATCHDOG_SECONDS = 2;

    @Test
    void shouldGiveAStopItsTimeUnderSystemd() throws IOException {
        assertTrue(STOP_SECONDS + WATCHDOG_SECONDS < number(unit("TimeoutStopSec")));
        assertEquals("notify", unit("Type"));
        assertEquals("SIGTERM", unit("KillSignal"));
        // what a person must mend is not tried again
        assertEquals("64 73 78", unit("RestartPreventExitStatus"));
    }

    private static String unit(String name) throws IOException {
        return Files.readAllLines(PACKAGING.resolve("holdfast.service")).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static long number(String text) {
        return Long.parseLong(text);
    }

    @Test
    void shouldGiveAStopItsTimeUnderKubernetes() throws IOException {
        Map<?, ?> pod = pod();
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).getFirst();
        long stop = STOP_SECONDS;
        for (Object each : (List<?>) container.get("env")) {
            Map<?, ?> variable = (Map<?, ?>) each;
            if ("HOLDFAST_STOP_SECONDS".equals(variable.get("name")))
                stop = number(String.valueOf(variable.get("value")));
        }
        long grace = number(String.valueOf(pod.get("terminationGracePeriodSeconds")));
        assertTrue(stop + WATCHDOG_SECONDS < grace, "stop=" + stop + ", grace=" + grace);
    }

    @Test
    void shouldStartTheServerWithFlagsThatItKnows() throws IOException {
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod().get("containers")).getFirst();
        List<String> command = new ArrayList<>();
        for (Object word : (List<?>) container.get("command")) command.add(String.valueOf(word));
        assertEquals("/opt/holdfast/bin/holdfast", command.removeFirst());
        Verbs.commandLine(null).parseArgs(command.toArray(String[]::new));
        String exec = unit("ExecStart");
        List<String> words = List.of(exec.split(" "));
        assertEquals("/opt/holdfast/bin/holdfast", words.getFirst());
        Verbs.commandLine(null).parseArgs(words.subList(1, words.size()).toArray(String[]::new));
    }

    @Test
    @Tag("SEC-19")
    void shouldHaveNoRightsUnderSystemdThatItDoesNotNeed() throws IOException {
        assertEquals("yes", unit("DynamicUser"));
        assertEquals("strict", unit("ProtectSystem"));
        assertEquals("holdfast", unit("StateDirectory"));
        assertEquals("0077", unit("UMask"));
        assertEquals("0", unit("LimitCORE"));
        assertEquals("", unit("CapabilityBoundingSet"));
        for (String name :
                List.of("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"))
            assertEquals("yes", unit(name), name);
    }

    @Test
    @Tag("SEC-19")
    void shouldHaveNoRightsUnderKubernetesThatItDoesNotNeed() throws IOException {
        Map<?, ?> pod = pod();
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).getFirst();
        assertEquals(true, ((Map<?, ?>) pod.get("securityContext")).get("runAsNonRoot"));
        Map<?, ?> rights = (Map<?, ?>) container.get("securityContext");
        assertEquals(true, rights.get("readOnlyRootFilesystem"));
        assertEquals(false, rights.get("allowPrivilegeEscalation"));
        assertEquals(Map.of("drop", List.of("ALL")), rights.get("capabilities"));
    }

    @Test
    @Tag("SEC-16")
    @Tag("SEC-19")
    void shouldReadNoObjectsOfJavaAndLeaveNoImageOfItsMemory() throws IOException {
        String flags = Files.readString(Path.of("..", "config", "jvm.sh"));
        for (String flag : List.of("-Djdk.serialFilter='!*'", "-XX:-CreateCoredumpOnCrash"))
            assertTrue(flags.contains(flag), flag);
        assertTrue(!flags.contains("HeapDump"), flags);
        String forbidden = Files.readString(Path.of("..", "config", "forbidden-apis.txt"));
        for (String type : List.of("java.io.ObjectInputStream", "java.io.ObjectOutputStream"))
            assertTrue(forbidden.contains(type), type);
    }

    private static Map<?, ?> pod() throws IOException {
        var load = new Load(LoadSettings.builder().build());
        String text = Files.readString(PACKAGING.resolve("kubernetes.yaml"));
        for (Object document : load.loadAllFromString(text)) {
            Map<?, ?> object = (Map<?, ?>) document;
            if (!"StatefulSet".equals(object.get("kind"))) continue;
            Map<?, ?> template = (Map<?, ?>) ((Map<?, ?>) object.get("spec")).get("template");
            return (Map<?, ?>) template.get("spec");
        }
        throw new AssertionError("no StatefulSet");
    }
}
