package dev.holdfast.simulation.swarm;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.check.Life;
import dev.holdfast.simulation.check.Sight;
import dev.holdfast.simulation.check.Write.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What an outside observer notes of a run: everything that was asked, answered and seen, in one
/// order.
///
/// One thread runs at a time in a simulation, so it needs no lock. Its time counts events.
final class Journal {
    private static final int EVENTS_SHOWN_MAX = 60;
    private static final long NANOS_PER_MICRO = 1_000;

    /// One get of a register.
    record Got(int life, String key, String value, long call, long end) {}

    /// One line of the story.
    private record Event(long at, String what) {}

    /// The moment at which a life was told that a newer writer had come.
    record Fenced(int life, long at) {}

    /// An attempt to open for writing, and the life that came of it, if one did.
    static final class Opening {
        private final long call;
        private int life = -1;

        Opening(long call) {
            this.call = call;
        }

        void became(int number) {
            life = number;
        }

        int life() {
            return life;
        }

        long call() {
            return call;
        }
    }

    private final Simulation simulation;
    private final List<Event> events = new ArrayList<>();
    private final List<Life> lives = new ArrayList<>();
    private final List<Asked> writes = new ArrayList<>();
    private final List<Got> gets = new ArrayList<>();
    private final List<Sight> sights = new ArrayList<>();
    private final List<ListTransaction> transactions = new ArrayList<>();
    private final List<Opening> openings = new ArrayList<>();
    private final List<Fenced> fences = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private long now;
    private int numbers;
    private int elements;

    Journal(Simulation simulation) {
        this.simulation = simulation;
    }

    /// The next instant.
    long tick() {
        return ++now;
    }

    /// A number for the next thing that needs one.
    int number() {
        return ++numbers;
    }

    /// A number that no list holds yet.
    int element() {
        return ++elements;
    }

    /// Tells what happened, for people and for the hash.
    void note(String what) {
        simulation.trace(what);
        events.add(new Event(simulation.elapsed().toNanos() / NANOS_PER_MICRO, what));
    }

    /// It happened, as it should in some run.
    void sometimes(String what) {
        simulation.reached(what);
    }

    /// It happened, as it never should.
    void never(String what) {
        findings.add(what);
        note("WRONG: " + what);
    }

    /// An opening begins; who opened says what became of it.
    Opening opening() {
        var opening = new Opening(tick());
        openings.add(opening);
        return opening;
    }

    /// Life `life` was told that a newer writer had come.
    void fenced(int life) {
        sometimes("writer fenced");
        fences.add(new Fenced(life, tick()));
    }

    void add(Life life) {
        lives.add(life);
    }

    Asked ask(int life, List<Row> rows, Map<String, String> expected, int id) {
        var asked = new Asked(id, life, tick(), rows, expected);
        writes.add(asked);
        note("life " + life + " asked: write " + id + " " + Value.shown(rows));
        return asked;
    }

    void add(Got got) {
        gets.add(got);
    }

    void add(Sight sight) {
        sights.add(sight);
    }

    void add(ListTransaction transaction) {
        transactions.add(transaction);
    }

    List<Life> lives() {
        return lives;
    }

    List<Asked> writes() {
        return writes;
    }

    List<Got> gets() {
        return gets;
    }

    List<Sight> sights() {
        return sights;
    }

    List<ListTransaction> transactions() {
        return transactions;
    }

    List<Opening> openings() {
        return openings;
    }

    List<Fenced> fences() {
        return fences;
    }

    List<String> findings() {
        return findings;
    }

    long acknowledged() {
        return writes.stream().filter(Asked::isAcknowledged).count();
    }

    /// The last events that speak of what the first finding speaks of, and of machines.
    String excerpt() {
        if (findings.isEmpty()) return "";
        List<String> words = wordsOf(findings.getFirst());
        List<Event> shown = events.stream().filter(event -> concerns(event, words)).toList();
        var text = new StringBuilder();
        for (Event event :
                shown.subList(Math.max(0, shown.size() - EVENTS_SHOWN_MAX), shown.size()))
            text.append("%,14d us  %s%n".formatted(event.at(), event.what()));
        return text.toString();
    }

    // The keys and the writes that a finding names.
    private static List<String> wordsOf(String finding) {
        List<String> words = new ArrayList<>();
        var word = java.util.regex.Pattern.compile("\\b[rlb]\\d\\d\\b|\\bwrite \\d+\\b");
        var found = word.matcher(finding);
        while (found.find()) words.add(found.group());
        return words;
    }

    private static boolean concerns(Event event, List<String> words) {
        if (words.isEmpty()) return true;
        if (event.what().startsWith("* ") || event.what().startsWith("WRONG")) return true;
        return words.stream().anyMatch(event.what()::contains);
    }
}
