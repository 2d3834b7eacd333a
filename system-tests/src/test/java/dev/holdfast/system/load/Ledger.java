package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The tracks of all clients over many lives of one server, and the judge of what is found after
/// each.
///
/// Not thread-safe.
final class Ledger {
    private final long seed;
    private final List<Track> tracks = new ArrayList<>();

    Ledger(long seed, int clients) {
        this.seed = seed;
        for (int client = 0; client < clients; client++)
            tracks.add(new Track(seed, client, 1, Map.of()));
    }

    List<Track> tracks() {
        return tracks;
    }

    /// The sum of the writes acknowledged in this life.
    long acknowledged() {
        return tracks.stream().mapToLong(Track::acknowledged).sum();
    }

    /// What the server holds now, client by client.
    List<Map<String, String>> read(ServerProcess server) throws IOException {
        var all = new ArrayList<Map<String, String>>();
        try (RespClient connection = server.connect()) {
            for (Track track : tracks) all.add(stateOf(connection, track.client()));
        }
        return all;
    }

    private static Map<String, String> stateOf(RespClient connection, int client)
            throws IOException {
        List<String> keys = Operation.keys(client);
        var words = new ArrayList<>(List.of("MGET"));
        words.addAll(keys);
        if (!(connection.call(words.toArray(String[]::new)) instanceof List<?> values))
            throw new AssertionError("MGET refused");
        var state = new TreeMap<String, String>();
        for (int i = 0; i < keys.size(); i++)
            if (values.get(i) instanceof String value) state.put(keys.get(i), value);
        return state;
    }

    /// Nothing acknowledged is lost, nothing that a reader saw is taken back, nothing is torn, and
    /// what is lost is a suffix.
    void checkKept(List<Map<String, String>> found, Map<Integer, Integer> acknowledged) {
        var reaches = new ArrayList<Track.Reach>();
        for (Track track : tracks) {
            int atLeast = acknowledged.getOrDefault(track.client(), 0);
            reaches.add(reachOf(track, found, Math.max(atLeast, track.observed())));
        }
        checkSuffix(reaches);
    }

    /// What is found is whole, and what is lost is a suffix of the commit order.
    void checkPrefix(List<Map<String, String>> found) {
        var reaches = new ArrayList<Track.Reach>();
        for (Track track : tracks) reaches.add(reachOf(track, found, 0));
        checkSuffix(reaches);
    }

    /// Exactly what was acknowledged is found: nothing lost, and nothing applied that got no reply.
    void checkExact(List<Map<String, String>> found) {
        for (Track track : tracks) {
            int acknowledged = track.acknowledged();
            assertEquals(
                    track.stateAfter(acknowledged),
                    found.get(track.client()),
                    () -> name(track) + " differs from what was acknowledged");
        }
    }

    /// Starts a new life: what was found is the ground that later writes stand on.
    void turn(List<Map<String, String>> found) {
        tracks.replaceAll(
                track -> new Track(seed, track.client(), track.next(), found.get(track.client())));
    }

    private Track.Reach reachOf(Track track, List<Map<String, String>> found, int atLeast) {
        Track.Reach reach = track.reachOf(found.get(track.client()), atLeast);
        if (reach != null) return reach;
        Track.Reach shorter = track.reachOf(found.get(track.client()), 0);
        throw new AssertionError(
                name(track)
                        + (shorter == null
                                ? ": no prefix of what was sent: " + found.get(track.client())
                                : ": lost writes: kept=" + shorter)
                        + ", must keep="
                        + atLeast
                        + ", state then="
                        + track.stateAfter(atLeast));
    }

    /// A write that was acknowledged before another was sent stands before it in the commit order:
    /// if the later one is there, so is the earlier.
    private void checkSuffix(List<Track.Reach> reaches) {
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < tracks.size(); i++) {
            long sentAt = tracks.get(i).sentAt(reaches.get(i).least());
            if (latest == Long.MIN_VALUE || 0 < sentAt - latest && sentAt != Long.MIN_VALUE)
                latest = sentAt;
        }
        if (latest == Long.MIN_VALUE) return;
        for (int i = 0; i < tracks.size(); i++) {
            int earlier = tracks.get(i).acknowledgedBefore(latest);
            if (reaches.get(i).most() < earlier)
                throw new AssertionError(
                        name(tracks.get(i))
                                + ": a hole: kept="
                                + reaches.get(i)
                                + " of "
                                + earlier);
        }
    }

    private String name(Track track) {
        return "seed="
                + seed
                + " client="
                + track.client()
                + " sent="
                + track.sent()
                + " acknowledged="
                + track.acknowledged();
    }
}
