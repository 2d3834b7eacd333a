package dev.holdfast.redis.transfer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.TestEnv;
import dev.holdfast.redis.rdb.Mutations;
import dev.holdfast.redis.rdb.OlderPayloads;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Restores damaged payloads whose checksum is right: each is taken as a value that is whole, or
/// refused without a trace.
///
/// `-Drestore.fuzz.seed=N` tries one seed again.
class RestoreFuzzTest {
    private static final long SEED = 40_007;
    private static final int ROUNDS = 8_000;
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes COPY = Bytes.utf8("copy");

    private final Keyspaces keyspaces = Keyspaces.open(new FakeDb(), new TestEnv(1));

    @Test
    void shouldRestoreAllOrNothingWhenPayloadsAreDamaged() throws Exception {
        long first = Long.getLong("restore.fuzz.seed", SEED);
        List<String> payloads = new ArrayList<>(OlderPayloads.all().values());
        payloads.addAll(OlderPayloads.newer().values());
        int taken = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String how = "-Drestore.fuzz.seed=" + (first + i);
            var mutations = new Mutations(first + i);
            String whole = payloads.get(mutations.below(payloads.size()));
            byte[] body = whole.substring(0, whole.length() - 10).getBytes(ISO_8859_1);
            String damaged = new String(mutations.damaged(body), ISO_8859_1);
            Reply reply = run(restore(KEY, bytes(OlderPayloads.sealed(damaged))), how);
            boolean isTaken = reply.equals(Reply.OK);
            if (!isTaken) assertTrue(reply instanceof Reply.Failure, how + " " + reply);
            assertEquals(isTaken ? 1 : 0, keyspaces.keyCount(0).keys(), how);
            if (isTaken) {
                shouldComeBackAlike(how);
                taken++;
            }
            keyspaces.execute(0, keyspace -> keyspace.delete(KEY) | keyspace.delete(COPY));
        }
        assertTrue(ROUNDS / 100 < taken, "taken=" + taken);
    }

    private void shouldComeBackAlike(String how) throws Exception {
        Reply dumped = run(new Dump(KEY), how);
        assertEquals(Reply.OK, run(restore(COPY, ((Reply.Bulk) dumped).value()), how), how);
        assertEquals(dumped, run(new Dump(COPY), how), how);
    }

    private static Restore restore(Bytes key, Bytes payload) {
        return new Restore(key, Bytes.utf8("0"), payload, EnumSet.noneOf(Restore.Choice.class), -1);
    }

    private Reply run(Command command, String how) {
        try {
            return keyspaces.execute(0, command::run, error -> Reply.error(error.text())).result();
        } catch (Exception | Error other) {
            throw new AssertionError(how, other);
        }
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(ISO_8859_1));
    }
}
