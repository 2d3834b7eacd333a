package dev.holdfast.simulation.check;

import dev.holdfast.simulation.check.Dependencies.Why;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The judge of transactions on lists: because a list shows in which order it was written, every
/// read tells who came before whom, and a circle in that is an anomaly by Adya's names.
///
/// Finds garbage and duplicate elements, aborted (G1a) and intermediate (G1b) reads, incompatible
/// orders, write cycles (G0), circular information flow (G1c), lost updates and read skew
/// (G-single), write skew (G2), and, if time counts, stale reads. At snapshot isolation write skew
/// may be; what may not is a cycle in which no two reads that were overwritten follow on each other
/// (G-nonadjacent).
public final class ListAppend {
    /// What is promised to transactions, and whether one must see what had ended before it began.
    public enum Strictness {
        SNAPSHOT,
        SERIALIZABLE,
        STRICT_SERIALIZABLE
    }

    private record Element(String key, int element) {}

    private final List<Transaction> transactions;
    private final List<String> findings = new ArrayList<>();
    private final Map<Element, Integer> writers = new HashMap<>();
    private final Map<String, List<Integer>> longest = new LinkedHashMap<>();
    // Of each list those who committed appends that nobody ever saw.
    private final Map<String, List<Integer>> unseen = new HashMap<>();

    private ListAppend(List<Transaction> transactions) {
        this.transactions = transactions;
    }

    /// What is wrong with `transactions`; empty if nothing is.
    public static List<String> check(List<Transaction> transactions, Strictness strictness) {
        var judge = new ListAppend(transactions);
        judge.noteWriters();
        for (Transaction each : transactions) if (each.isCommitted()) judge.checkReads(each);
        if (judge.findings.isEmpty()) judge.findCycle(strictness);
        return judge.findings;
    }

    private void noteWriters() {
        for (int i = 0; i < transactions.size(); i++)
            for (Step step : transactions.get(i).steps())
                if (step instanceof Step.Append(String key, int element)
                        && writers.put(new Element(key, element), i) != null)
                    findings.add("appended twice: " + element + " to " + key);
    }

    private @Nullable Transaction writerOf(String key, int element) {
        Integer index = writers.get(new Element(key, element));
        return index == null ? null : transactions.get(index);
    }

    private void checkReads(Transaction reader) {
        Map<String, List<Integer>> own = new HashMap<>();
        for (Step step : reader.steps())
            switch (step) {
                case Step.Append(String key, int element) ->
                        own.computeIfAbsent(key, _ -> new ArrayList<>()).add(element);
                case Step.Read(String key, List<Integer> elements) -> {
                    if (elements != null)
                        checkRead(reader, key, elements, own.getOrDefault(key, List.of()));
                }
            }
    }

    private void checkRead(
            Transaction reader, String key, List<Integer> elements, List<Integer> own) {
        String where = key + "=" + elements + " read by " + reader.label();
        if (new HashSet<>(elements).size() != elements.size()) findings.add("duplicate: " + where);
        for (int element : elements) {
            Transaction writer = writerOf(key, element);
            if (writer == null) findings.add("garbage: " + where);
            else if (writer.outcome() == Outcome.ABORTED)
                findings.add("G1a (aborted read): " + where);
        }
        int foreign = elements.size() - own.size();
        if (foreign < 0 || !elements.subList(foreign, elements.size()).equals(own)) {
            findings.add("own appends not seen: " + where);
            return;
        }
        checkIntermediate(reader, key, elements.subList(0, foreign), where);
        List<Integer> known = longest.getOrDefault(key, List.of());
        boolean isLonger = known.size() < elements.size();
        List<Integer> longer = isLonger ? elements : known;
        List<Integer> shorter = isLonger ? known : elements;
        if (!longer.subList(0, shorter.size()).equals(shorter))
            findings.add("incompatible orders: " + where + ", elsewhere " + known);
        longest.put(key, longer);
    }

    // Of another transaction either all appends to a list are seen, or none.
    private void checkIntermediate(
            Transaction reader, String key, List<Integer> elements, String where) {
        if (elements.isEmpty()) return;
        int seenLast = elements.getLast();
        Transaction writer = writerOf(key, seenLast);
        if (writer == null || writer == reader) return;
        int writtenLast = seenLast;
        for (Step step : writer.steps())
            if (step instanceof Step.Append(String to, int element) && to.equals(key))
                writtenLast = element;
        if (writtenLast != seenLast) findings.add("G1b (intermediate read): " + where);
    }

    private void findCycle(Strictness strictness) {
        var graph = new Dependencies(transactions.size());
        longest.forEach((key, order) -> addWrites(graph, key, order));
        noteUnseen();
        for (int i = 0; i < transactions.size(); i++)
            if (transactions.get(i).isCommitted()) addReads(graph, i);
        if (!graph.cycle(Why.READ_WRITE).isEmpty()) nameCycle(graph, strictness);
        if (!findings.isEmpty() || strictness != Strictness.STRICT_SERIALIZABLE) return;
        addRealTime(graph);
        note("stale read, or order against time", graph.cycle(Why.REAL_TIME));
    }

    // The worst that there is.
    private void nameCycle(Dependencies graph, Strictness strictness) {
        if (note("G0 (write cycle)", graph.cycle(Why.WRITE_WRITE))) return;
        if (note("G1c (circular information flow)", graph.cycle(Why.WRITE_READ))) return;
        if (strictness == Strictness.SNAPSHOT) {
            note("G-nonadjacent", graph.cycleWithoutAdjacentAntiDependencies());
            return;
        }
        if (note("G-single (lost update or read skew)", graph.cycleWithOneAntiDependency())) return;
        note("G2 (write skew)", graph.cycle(Why.READ_WRITE));
    }

    private void noteUnseen() {
        var seen = new HashSet<Element>();
        longest.forEach(
                (key, order) -> order.forEach(element -> seen.add(new Element(key, element))));
        for (int i = 0; i < transactions.size(); i++) {
            if (!transactions.get(i).isCommitted()) continue;
            for (Step step : transactions.get(i).steps())
                if (step instanceof Step.Append(String key, int element)
                        && !seen.contains(new Element(key, element)))
                    unseen.computeIfAbsent(key, _ -> new ArrayList<>()).add(i);
        }
    }

    private boolean note(String anomaly, List<Integer> members) {
        if (members.isEmpty()) return false;
        List<Transaction> shown =
                members.stream().limit(6).sorted().map(transactions::get).toList();
        findings.add(anomaly + " among " + shown);
        return true;
    }

    private void addWrites(Dependencies graph, String key, List<Integer> order) {
        for (int i = 1; i < order.size(); i++)
            graph.add(writer(key, order.get(i - 1)), writer(key, order.get(i)), Why.WRITE_WRITE);
    }

    private int writer(String key, int element) {
        return writers.get(new Element(key, element));
    }

    private void addReads(Dependencies graph, int reader) {
        for (Step step : transactions.get(reader).steps()) {
            if (!(step instanceof Step.Read(String key, List<Integer> elements))) continue;
            if (elements == null) continue;
            for (int element : elements.reversed())
                if (writer(key, element) != reader) {
                    graph.add(writer(key, element), reader, Why.WRITE_READ);
                    break;
                }
            addOverwrites(graph, reader, key, elements);
        }
    }

    // Who wrote next is overwritten reading; if nobody is known to have, then everyone who appended
    // without ever being seen.
    private void addOverwrites(Dependencies graph, int reader, String key, List<Integer> elements) {
        List<Integer> order = longest.getOrDefault(key, List.of());
        for (int element : order.subList(elements.size(), order.size()))
            if (writer(key, element) != reader) {
                graph.add(reader, writer(key, element), Why.READ_WRITE);
                return;
            }
        for (int writer : unseen.getOrDefault(key, List.of()))
            graph.add(reader, writer, Why.READ_WRITE);
    }

    // Only to those that began before the first of them ended: all later ones follow from these.
    private void addRealTime(Dependencies graph) {
        List<Integer> byCall = new ArrayList<>();
        for (int i = 0; i < transactions.size(); i++) byCall.add(i);
        byCall.sort(Comparator.comparingLong(i -> transactions.get(i).call()));
        List<Long> calls = byCall.stream().map(i -> transactions.get(i).call()).toList();
        for (int from = 0; from < transactions.size(); from++) {
            if (!transactions.get(from).isCommitted()) continue;
            long end = transactions.get(from).end();
            int found = Collections.binarySearch(calls, end);
            long firstEnd = Long.MAX_VALUE;
            for (int i = found < 0 ? -found - 1 : found; i < byCall.size(); i++) {
                Transaction later = transactions.get(byCall.get(i));
                if (firstEnd < later.call()) break;
                if (later.call() <= end) continue;
                graph.add(from, byCall.get(i), Why.REAL_TIME);
                if (later.isCommitted()) firstEnd = Math.min(firstEnd, later.end());
            }
        }
    }
}
