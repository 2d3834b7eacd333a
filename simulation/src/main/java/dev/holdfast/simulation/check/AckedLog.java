package dev.holdfast.simulation.check;

import dev.holdfast.simulation.check.Sight.Seen;
import dev.holdfast.simulation.check.Write.Fate;
import dev.holdfast.simulation.check.Write.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The judge of what was acknowledged: holds everything that anybody saw of a database against
/// everything that was handed to it.
///
/// 1. What was acknowledged as durable is in every later life.
/// 2. What a later life recovered is a prefix of the commits of the life before: loss is a suffix.
/// 3. Nothing is seen that was never written, or was refused, or was overwritten; what was added to
///    a value is in it once, in the order of commits; what is gone had its time.
/// 4. A batch is seen whole or not at all.
/// 5. Numbers follow the order in which writers were told, and none belongs to two writes.
/// 6. A write handed to a writer after a newer one had opened is never acknowledged as durable.
///
/// What was never answered may be there or not: the numbers of such writes are learned from what is
/// seen of them, and from then on they bind like any other.
public final class AckedLog {
    private static final long LEAP_MIN = 1L << 29;

    private final List<Life> lives;
    private final LogHistory history;
    private final Map<Written, Write> byValue = new HashMap<>();
    private final Set<String> added = new HashSet<>(); // keys that are added to
    private final Map<Integer, Long> seqs = new LinkedHashMap<>();
    private final Map<Integer, Chain> chains = new HashMap<>();
    private final List<String> findings = new ArrayList<>();

    /// A value, or an element of one that is added to: it names its write.
    private record Written(String key, String value) {}

    private AckedLog(LogHistory history) {
        this.history = history;
        lives = history.lives().stream().sorted(Comparator.comparingLong(Life::epoch)).toList();
        for (Write write : history.writes())
            for (Row row : write.rows()) {
                String value = row.value();
                if (value != null) byValue.put(new Written(row.key(), value), write);
                if (row.isAdded()) added.add(row.key());
            }
    }

    /// What is wrong with `history`; empty if nothing is.
    public static List<String> check(LogHistory history) {
        var judge = new AckedLog(history);
        judge.checkLives();
        for (Write write : history.writes())
            if (write.fate() == Fate.ACKNOWLEDGED) judge.seqs.put(write.id(), write.seq());
        history.sights().forEach(judge::learn);
        judge.checkAcknowledgements();
        judge.checkNumbers();
        history.sights().forEach(judge::checkSight);
        return judge.findings;
    }

    private void checkLives() {
        for (int i = 1; i < lives.size(); i++) {
            Life before = lives.get(i - 1);
            Life after = lives.get(i);
            if (before.epoch() == after.epoch() || after.base() < before.base())
                findings.add(after.label() + " after " + before.label());
        }
    }

    // A number that was seen is the number of the write that was seen.
    private void learn(Sight sight) {
        sight.keys()
                .forEach((key, seen) -> {
                    if (seen.value() == null || seen.seq() <= 0) return;
                    Write write = newestOf(key, seen.value());
                    if (write != null) learn(sight, write, seen.seq());
                });
    }

    // Who wrote what was seen; of a value that was added to, the last element.
    private @Nullable Write newestOf(String key, String value) {
        String last = added.contains(key) ? elements(value).getLast() : value;
        return byValue.get(new Written(key, last));
    }

    private static List<String> elements(String value) {
        List<String> elements = new ArrayList<>();
        for (int from = 0; from < value.length(); ) {
            int end = value.indexOf(Row.END, from) + 1;
            int to = end == 0 ? value.length() : end;
            elements.add(value.substring(from, to));
            from = to;
        }
        return elements;
    }

    private void learn(Sight sight, Write write, long seq) {
        Long known = seqs.putIfAbsent(write.id(), seq);
        if (known != null && known != seq)
            findings.add(
                    write.label() + " is commit " + known + ", " + sight.who() + " saw " + seq);
        List<Life> order = ordered(sight.life());
        if (new Chain(order).ownerOf(seq) != write.life())
            findings.add(
                    write.label()
                            + " of life "
                            + write.life()
                            + " seen as commit "
                            + seq
                            + " by "
                            + sight.who());
    }

    private List<Life> ordered(int life) {
        if (life == Sight.FROM_OUTSIDE) return lives;
        for (int i = 0; i < lives.size(); i++)
            if (lives.get(i).number() == life) return lives.subList(0, i + 1);
        throw new IllegalArgumentException("not a life of this history: " + life);
    }

    private void checkAcknowledgements() {
        for (Write write : history.writes()) {
            if (!write.isDurable()) continue;
            for (Life later : laterThan(write.life())) {
                if (later.base() < write.seq())
                    findings.add(
                            "lost: "
                                    + write.label()
                                    + ", commit "
                                    + write.seq()
                                    + " acknowledged as durable, not in "
                                    + later.label());
                if (later.ready() < write.call())
                    findings.add(
                            "zombie: "
                                    + write.label()
                                    + " of life "
                                    + write.life()
                                    + " acknowledged as durable, asked after "
                                    + later.label()
                                    + " had opened");
            }
        }
    }

    private List<Life> laterThan(int life) {
        int known = ordered(life).size();
        return lives.subList(known, lives.size());
    }

    private void checkNumbers() {
        for (int i = 0; i < lives.size(); i++) {
            Life life = lives.get(i);
            List<Write> own = history.writes().stream().filter(w -> isOf(life, w)).toList();
            var bySeq = new TreeMap<Long, Write>();
            for (Write write : own) {
                Long seq = seqs.get(write.id());
                if (seq == null) continue;
                Write other = bySeq.put(seq, write);
                if (other != null || seq <= life.base())
                    findings.add(write.label() + " has number " + seq + " in " + life.label());
            }
            checkOrder(life, bySeq.values().stream().toList());
            if (i + 1 < lives.size()) checkGaps(own, bySeq, life, lives.get(i + 1));
        }
    }

    private static boolean isOf(Life life, Write write) {
        return write.life() == life.number() && write.fate() != Fate.REFUSED;
    }

    // Who was told its number before another asked has the lower one.
    private void checkOrder(Life life, List<Write> bySeq) {
        long earliestEnd = Long.MAX_VALUE;
        for (Write write : bySeq.reversed()) {
            if (earliestEnd < write.call())
                findings.add(write.label() + " is numbered too low in " + life.label());
            earliestEnd = Math.min(earliestEnd, write.end());
        }
    }

    private void checkGaps(List<Write> own, TreeMap<Long, Write> bySeq, Life life, Life next) {
        if (next.base() <= life.base()) return;
        long known = bySeq.subMap(life.base(), false, next.base(), true).size();
        long unknown = own.stream().filter(write -> !seqs.containsKey(write.id())).count();
        if (known + unknown < next.base() - life.base() - leftOut(bySeq, life, next))
            findings.add("more commits than writes between " + life.label() + " and " + next);
    }

    // Numbers that nobody gets: whoever takes many rows past the log leaps ahead.
    private static long leftOut(TreeMap<Long, Write> bySeq, Life life, Life next) {
        long left = 0;
        long before = life.base();
        for (long seq : bySeq.subMap(life.base(), false, next.base(), true).keySet()) {
            if (LEAP_MIN < seq - before) left += seq - before - 1;
            before = seq;
        }
        // Nobody knows the number of the one that leapt.
        return LEAP_MIN < next.base() - before ? next.base() : left;
    }

    private Chain chainOf(int life) {
        Chain made = chains.get(life);
        if (made != null) return made;
        var chain = new Chain(ordered(life));
        for (Write write : history.writes()) {
            Long seq = seqs.get(write.id());
            if (seq != null) chain.add(write, seq);
            else if (write.isUnknown()) chain.addUnknown(write);
        }
        chains.put(life, chain);
        return chain;
    }

    private void checkSight(Sight sight) {
        Chain chain = chainOf(sight.life());
        long least = leastOf(sight);
        if (sight.seq() != Sight.UNKNOWN_SEQ) {
            if (sight.seq() < least)
                findings.add(sight.who() + " saw " + sight.seq() + ", should have seen " + least);
            findings.addAll(differences(sight, sight.seq()));
            return;
        }
        // Any one commit order up to some number explains it; the newest is the likeliest.
        List<String> fewest = differences(sight, chain.last());
        for (long seq : chain.numbersFrom(least).descendingSet()) {
            if (fewest.isEmpty()) break;
            List<String> found = differences(sight, seq);
            if (found.size() < fewest.size()) fewest = found;
        }
        findings.addAll(fewest);
    }

    // What the observer must at least have been shown.
    private long leastOf(Sight sight) {
        long least = 0;
        for (Life life : ordered(sight.life()))
            if (life.number() == sight.life() || life.ready() < sight.call())
                least = Math.max(least, life.base());
        for (Write write : history.writes()) {
            if (sight.isFromOutside() && write.durable() < sight.call())
                least = Math.max(least, write.seq());
            if (write.life() == sight.life() && write.end() < sight.call())
                least = Math.max(least, write.seq());
        }
        return least;
    }

    private List<String> differences(Sight sight, long seq) {
        List<String> differences = new ArrayList<>();
        sight.keys()
                .forEach((key, seen) -> {
                    String wrong = difference(sight, key, seen, seq);
                    if (wrong != null)
                        differences.add(sight.who() + " at commit " + seq + ": " + key + wrong);
                });
        return differences;
    }

    private @Nullable String difference(Sight sight, String key, Seen seen, long seq) {
        Chain chain = chainOf(sight.life());
        Map.Entry<Long, Write> newest = chain.commitsOf(key).floorEntry(seq);
        String expected = chain.valueAt(key, seq);
        boolean isExplained =
                Objects.equals(expected, seen.value())
                        ? isDecidedBy(newest, seen)
                        : isUnknown(chain, key, expected, seen.value());
        if (isExplained) return null;
        if (seen.value() == null && isRemoved(chain, newest, key, sight.wallMillis())) return null;
        String should = newest == null ? "nothing" : expected + " (" + newest.getKey() + ")";
        return " should be " + should + ", is " + described(key, seen);
    }

    private static boolean isRemoved(
            Chain chain, Map.@Nullable Entry<Long, Write> newest, String key, long wallMillis) {
        return (newest != null && newest.getValue().hasExpired(key, wallMillis))
                || chain.unknownOf(key).stream().anyMatch(write -> write.removes(key, wallMillis));
    }

    private static boolean isDecidedBy(Map.@Nullable Entry<Long, Write> newest, Seen seen) {
        boolean isTold = seen.seq() != Sight.UNKNOWN_SEQ && seen.seq() != 0;
        return !isTold || (newest != null && newest.getKey() == seen.seq());
    }

    // True if writes whose numbers nobody knows account for what was seen instead.
    private boolean isUnknown(
            Chain chain, String key, @Nullable String expected, @Nullable String found) {
        if (found == null) return false;
        if (!added.contains(key)) return isUnknown(chain, key, found);
        var known = new StringBuilder();
        boolean isAny = false;
        for (String element : elements(found)) {
            if (isUnknown(chain, key, element)) isAny = true;
            else known.append(element);
        }
        boolean mayReplace = chain.unknownOf(key).stream().anyMatch(write -> write.replaces(key));
        String all = Objects.requireNonNullElse(expected, "");
        return mayReplace ? all.endsWith(known.toString()) : isAny && all.equals(known.toString());
    }

    private boolean isUnknown(Chain chain, String key, String value) {
        Write write = byValue.get(new Written(key, value));
        return write != null && chain.unknownOf(key).contains(write);
    }

    private String described(String key, Seen seen) {
        if (seen.value() == null) return "nothing (" + seen.seq() + ")";
        Write write = newestOf(key, seen.value());
        String whose = write == null ? "never written" : write.label() + ", " + write.fate();
        return seen.value() + " (" + seen.seq() + ", " + whose + ")";
    }
}
