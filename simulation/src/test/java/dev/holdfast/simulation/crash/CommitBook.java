package dev.holdfast.simulation.crash;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// What was committed by whom, what of it was acknowledged, and what must therefore be found.
///
/// Every writer has keys of its own and numbers its commits; each commit also writes its number, so
/// that a database says how many commits of each writer it holds, and must then equal the states
/// after exactly those. All commits write one key in common, which tells whose was the last.
final class CommitBook {
    private static final String COUNT = "~count";
    private static final Bytes COMMON = Bytes.utf8("common");
    static final int KEYS = 12;

    private final List<Track> tracks = new ArrayList<>();
    private final StringBuilder problems = new StringBuilder();
    private long acknowledgements;
    private long keptUnacknowledged;
    private long lostUnacknowledged;

    /// A new writer on the machine of `life`; later lives write later.
    Track track(int life) {
        var track = new Track(life, tracks.size());
        tracks.add(track);
        return track;
    }

    /// How often a write was acknowledged.
    long acknowledgements() {
        return acknowledgements;
    }

    /// How many commits that nobody was told of as durable were found all the same.
    long keptUnacknowledged() {
        return keptUnacknowledged;
    }

    /// How many of them were gone.
    long lostUnacknowledged() {
        return lostUnacknowledged;
    }

    /// What was wrong; empty if nothing was.
    String problems() {
        return problems.toString();
    }

    void report(String problem) {
        problems.append(problem).append('\n');
    }

    /// Compares `db` with the book. What is found of the lives before `life` is final from then on.
    void compare(Reads db, int life) {
        SortedMap<String, String> found = contents(db);
        var expected = new TreeMap<String, String>();
        for (Track track : tracks) {
            if (life <= track.life) continue;
            int count = Integer.parseInt(found.getOrDefault(track.key(COUNT), "0"));
            track.settle(count, life);
            expected.putAll(track.states.get(Math.min(count, track.attempted())));
        }
        String common = found.remove(COMMON.toUtf8());
        if (!found.equals(expected)) report("expected " + expected + ", found " + found);
        compareCommon(common, life);
        for (Track track : tracks) if (track.life < life) comparePrefix(track);
    }

    private void compareCommon(String common, int life) {
        int lastLife = -1;
        for (Track track : tracks)
            if (0 < track.present && track.life < life) lastLife = Math.max(lastLife, track.life);
        boolean isRight = lastLife < 0 && common == null;
        for (Track track : tracks)
            isRight |= track.life == lastLife && track.nameOf(track.present).equals(common);
        if (!isRight) report("the last commit was of life " + lastLife + ", found " + common);
    }

    // If a commit is there, so is every commit of the same life that came before it.
    private void comparePrefix(Track track) {
        long firstMissing = track.seqAfterPresent();
        for (Track other : tracks)
            if (other.life == track.life && firstMissing < other.lastSeqPresent())
                report(
                        "commit %d is missing, %d is there"
                                .formatted(firstMissing, other.lastSeqPresent()));
    }

    private static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }

    /// The commits of one writer.
    final class Track {
        private final int life;
        private final int number;
        private final SplittableRandom random;
        private final List<SortedMap<String, String>> states = new ArrayList<>();
        private final List<Long> seqs = new ArrayList<>();
        private int acknowledged;
        private int present;
        private boolean isFinal;

        Track(int life, int number) {
            this.life = life;
            this.number = number;
            random = new SplittableRandom(31 * life + number);
            states.add(new TreeMap<>());
            seqs.add(0L);
        }

        /// A batch of `rows` puts and deletes, as the next commit.
        WriteBatch next(int rows) {
            var state = new TreeMap<>(states.getLast());
            var batch = new WriteBatch();
            int count = states.size();
            for (int i = 0; i < rows; i++) {
                String key = key("k" + random.nextInt(KEYS));
                if (random.nextInt(4) == 0) {
                    batch.delete(Bytes.utf8(key));
                    state.remove(key);
                } else {
                    String value = count + "x".repeat(random.nextInt(60));
                    batch.put(Bytes.utf8(key), Bytes.utf8(value));
                    state.put(key, value);
                }
            }
            batch.put(Bytes.utf8(key(COUNT)), Bytes.utf8(String.valueOf(count)));
            state.put(key(COUNT), String.valueOf(count));
            batch.put(COMMON, Bytes.utf8(nameOf(count)));
            states.add(state);
            seqs.add(Long.MAX_VALUE); // until it is known
            return batch;
        }

        /// Compares one key of this writer with what it wrote last.
        void compareOne(Reads db, int number) {
            String key = key("k" + number);
            Bytes found = db.get(Bytes.utf8(key));
            String value = found == null ? null : found.toUtf8();
            if (!Objects.equals(states.getLast().get(key), value))
                report(key + ": wrote " + states.getLast().get(key) + ", reads " + value);
        }

        /// The last commit has this number in the order of all commits.
        void sequenced(long seq) {
            seqs.set(attempted(), seq);
        }

        /// Everything so far was acknowledged as durable.
        void acknowledge() {
            acknowledged = attempted();
            acknowledgements++;
            if (isFinal && present < acknowledged) report("acknowledged by a zombie: " + this);
        }

        private void settle(int count, int byLife) {
            if (count < acknowledged) report(this + " lost: life " + byLife + " finds " + count);
            if (attempted() < count) report(this + " never wrote " + count);
            if (isFinal && count != present) report(this + " had " + present + ", now " + count);
            if (!isFinal) {
                keptUnacknowledged += Math.max(0, count - acknowledged);
                lostUnacknowledged += Math.max(0, attempted() - count);
            }
            present = count;
            isFinal = true;
        }

        private int attempted() {
            return states.size() - 1;
        }

        private long lastSeqPresent() {
            for (int i = Math.min(present, attempted()); 0 < i; i--)
                if (seqs.get(i) != Long.MAX_VALUE) return seqs.get(i);
            return 0;
        }

        private long seqAfterPresent() {
            return present < attempted() ? seqs.get(present + 1) : Long.MAX_VALUE;
        }

        private String key(String name) {
            return "w" + number + "/" + name;
        }

        private String nameOf(int count) {
            return "w" + number + ":" + count;
        }

        @Override
        public String toString() {
            return "writer %d of life %d (acknowledged %d of %d)"
                    .formatted(number, life, acknowledged, attempted());
        }
    }
}
