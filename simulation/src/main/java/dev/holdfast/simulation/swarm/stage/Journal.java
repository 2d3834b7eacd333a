package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.check.Life;
import dev.holdfast.simulation.check.Sight;
import dev.holdfast.simulation.check.Write.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What an outside observer notes of a run: everything that was asked, answered and seen, in one
/// order.
///
/// One thread runs at a time in a simulation, so it needs no lock. Its time counts events.
public final class Journal {
    private static final int EVENTS_SHOWN_MAX = 60;
    private static final long NANOS_PER_MICRO = 1_000;

    /// One get of a register.
    public record Got(int life, String key, String value, long call, long end) {}

    /// One line of the story.
    private record Event(long at, String what) {}

    /// The moment at which a life was told that a newer writer had come.
    public record Fenced(int life, long at) {}

    /// An attempt to open for writing, and the life that came of it, if one did.
    public static final class Opening {
        private final long call;
        private int life = -1;

        Opening(long call) {
            this.call = call;
        }

        public void became(int number) {
            life = number;
        }

        public int life() {
            return life;
        }

        public long call() {
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
    private final TreeMap<Long, Long> ticks = new TreeMap<>(); // the last of each virtual time
    private long now;
    private int numbers;
    private int elements;

    public Journal(Simulation simulation) {
        this.simulation = simulation;
    }

    /// The next instant.
    public long tick() {
        ticks.put(simulation.elapsed().toNanos(), ++now);
        return now;
    }

    /// The last instant before so long ago.
    public long tickBefore(Duration age) {
        Map.Entry<Long, Long> last = ticks.lowerEntry(simulation.elapsed().minus(age).toNanos());
        return last == null ? 0 : last.getValue();
    }

    /// The wall clock, in milliseconds.
    public long wallMillis() {
        return simulation.world().currentTimeMillis();
    }

    /// A number for the next thing that needs one.
    public int number() {
        return ++numbers;
    }

    /// A number that no list holds yet.
    public int element() {
        return ++elements;
    }

    /// Tells what happened, for people and for the hash.
    public void note(String what) {
        simulation.trace(what);
        events.add(new Event(simulation.elapsed().toNanos() / NANOS_PER_MICRO, what));
    }

    /// It happened, as it should in some run.
    public void sometimes(String what) {
        simulation.reached(what);
    }

    /// It happened, as it never should.
    public void never(String what) {
        findings.add(what);
        note("WRONG: " + what);
    }

    /// An opening begins; who opened says what became of it.
    public Opening opening() {
        var opening = new Opening(tick());
        openings.add(opening);
        return opening;
    }

    /// Life `life` was told that a newer writer had come.
    public void fenced(int life) {
        sometimes("writer fenced");
        fences.add(new Fenced(life, tick()));
    }

    public void add(Life life) {
        lives.add(life);
    }

    public Asked ask(int life, List<Row> rows, Map<String, String> expected, int id) {
        var asked = new Asked(id, life, tick(), rows, expected);
        writes.add(asked);
        note("life " + life + " asked: write " + id + " " + Value.shown(rows));
        return asked;
    }

    public void add(Got got) {
        gets.add(got);
    }

    public void add(Sight sight) {
        sights.add(sight);
    }

    public void add(ListTransaction transaction) {
        transactions.add(transaction);
    }

    public List<Life> lives() {
        return lives;
    }

    public List<Asked> writes() {
        return writes;
    }

    public List<Got> gets() {
        return gets;
    }

    public List<Sight> sights() {
        return sights;
    }

    public List<ListTransaction> transactions() {
        return transactions;
    }

    public List<Opening> openings() {
        return openings;
    }

    public List<Fenced> fences() {
        return fences;
    }

    public List<String> findings() {
        return findings;
    }

    public long acknowledged() {
        return writes.stream().filter(Asked::isAcknowledged).count();
    }

    /// The last events that speak of what the first finding speaks of, and of machines.
    public String excerpt() {
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
        var word = java.util.regex.Pattern.compile("\\b[rlbme]\\d\\d\\b|\\bwrite \\d+\\b");
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
