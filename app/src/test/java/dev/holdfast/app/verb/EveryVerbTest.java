package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// What a person may count on at every verb, whichever it is.
class EveryVerbTest {
    // It prints the log of a server.
    private static final List<String> WITHOUT_JSON = List.of("serve");

    static List<String> verbs() {
        return List.copyOf(specs().keySet());
    }

    static List<String> verbsWithAResult() {
        return verbs().stream().filter(verb -> !WITHOUT_JSON.contains(verb)).toList();
    }

    private static Map<String, CommandSpec> specs() {
        var found = new LinkedHashMap<String, CommandSpec>();
        collect("", Verbs.commandLine(null), found);
        return found;
    }

    private static void collect(String name, CommandLine line, Map<String, CommandSpec> found) {
        line.getSubcommands()
                .forEach((word, verb) -> {
                    boolean isAlias = !word.equals(verb.getCommandName());
                    if (!isAlias) collect((name + " " + word).strip(), verb, found);
                });
        if (line.getSubcommands().isEmpty()) found.put(name, line.getCommandSpec());
    }

    // What has to be typed behind it.
    private static List<String> wanted(String verb) {
        return specs().get(verb).positionalParameters().stream()
                .filter(each -> 0 < each.arity().min())
                .map(CommandLine.Model.PositionalParamSpec::paramLabel)
                .toList();
    }

    private static Ran ran(String verb, String... more) {
        var words = new ArrayList<>(List.of(verb.split(" ")));
        words.addAll(List.of(more));
        return Ran.line(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("verbsWithAResult")
    void shouldSayItsResultAsJsonToo(String verb) {
        assertTrue(specs().get(verb).optionsMap().containsKey("--json"), verb);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void shouldExplainItself(String verb) {
        Ran ran = ran(verb, "--help");
        assertAll(
                () -> assertEquals(0, ran.code(), ran.toString()),
                () -> assertEquals("", ran.err()),
                () -> assertTrue(ran.out().contains("Usage: holdfast " + verb), ran.out()),
                () -> assertTrue(ran.out().contains("Example"), "no example"),
                () -> assertTrue(ran.out().contains("Exit: "), "no exit codes"));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void shouldRefuseWhatItDoesNotKnowInOneLine(String verb) {
        var words = new ArrayList<>(List.of("--no-such-option"));
        wanted(verb).forEach(_ -> words.add("00000000-0000-0000-0000-000000000001"));
        Ran ran = ran(verb, words.toArray(String[]::new));
        assertAll(
                () -> assertEquals(64, ran.code(), ran.toString()),
                () -> assertEquals("", ran.out()),
                () -> assertEquals(1, ran.err().lines().count(), ran.err()),
                () -> assertTrue(ran.err().contains("--no-such-option"), ran.err()),
                () ->
                        assertTrue(
                                ran.err().contains("see holdfast " + verb + " --help"), ran.err()));
    }

    @Test
    void shouldSayHowAValueIsWrittenThatItCannotRead() {
        assertEquals(
                new Ran(
                        64,
                        "",
                        "holdfast: invalid value for positional parameter at index 0 (UUID): not an"
                                + " id: `x` (write 32 hex digits in five groups) (see holdfast"
                                + " checkpoint delete --help)\n"),
                Ran.line("checkpoint", "delete", "x"));
    }

    @Test
    void shouldSayInWordsWhatIsWrong() {
        assertEquals(
                "holdfast: one word too many: `c` (see holdfast put --help)\n",
                Ran.line("put", "a", "b", "c").err());
        assertEquals(
                "holdfast: invalid value for option '--limit': not a whole number in range: `abc`"
                        + " (see holdfast scan --help)\n",
                Ran.line("scan", "--limit", "abc").err());
        assertEquals(
                "holdfast: no such verb: `make`; there are create, refresh, list, delete (see"
                        + " holdfast checkpoint --help)\n",
                Ran.line("checkpoint", "make").err());
        assertTrue(
                Ran.line("foo")
                        .err()
                        .startsWith("holdfast: no such verb: `foo`; there are serve,"));
        assertTrue(Ran.line("why-stuck").err().startsWith("holdfast: missing required"));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void shouldNameWhatIsMissing(String verb) {
        List<String> wanted = wanted(verb);
        if (wanted.isEmpty()) return;
        Ran ran = ran(verb);
        assertEquals(64, ran.code(), ran.toString());
        for (String each : wanted) assertTrue(ran.err().contains(each), ran.err());
    }
}
