package dev.holdfast.redis.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.resp.RespError;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final long MIB = 1 << 20;

    @Test
    void shouldClaimNothingForSmallRunsAndGiveBackWhatLargeOnesClaimed() {
        var allowance = new Allowance(MIB);
        try (Allowance.Share small = allowance.share();
                Allowance.Share large = allowance.share()) {
            small.hold(60_000);
            assertEquals(0, allowance.claimed());
            large.hold(MIB / 2);
            assertTrue(MIB / 4 < allowance.claimed());
        }
        assertEquals(0, allowance.claimed());
    }

    @Test
    void shouldRefuseWhatIsMoreThanAllMayHoldTogether() {
        var allowance = new Allowance(MIB);
        try (Allowance.Share one = allowance.share();
                Allowance.Share other = allowance.share()) {
            one.hold(MIB * 3 / 4);
            assertThrows(RespError.class, () -> other.hold(MIB / 2));
            other.hold(1000);
        }
        assertEquals(0, allowance.claimed());
    }

    @Test
    void shouldRefuseARunThatWouldWriteOrReadMoreThanMemoryHolds() throws Exception {
        var allowance = new Allowance(MIB);
        var keyspaces = Keyspaces.open(new FakeDb(), Env.system(), allowance);
        Bytes key = Bytes.utf8("key");

        String refused =
                keyspaces
                        .execute(
                                0,
                                keyspace -> {
                                    var rows = keyspace.collectionAt(key, KeyType.SET);
                                    for (int i = 0; i < 100_000; i++)
                                        rows.put(Bytes.utf8("name" + i), Bytes.EMPTY);
                                    return "";
                                },
                                RespError::text)
                        .result();
        String tooLong =
                keyspaces.execute(0, AllowanceTest::gatherEndlessly, RespError::text).result();

        assertTrue(refused.startsWith("OOM "), refused);
        assertTrue(tooLong.startsWith("OOM "), tooLong);
        assertEquals(0, allowance.claimed());
        assertEquals(0, keyspaces.keyCount(0).keys());
    }

    private static String gatherEndlessly(dev.holdfast.redis.keyspace.Keyspace keyspace) {
        Listing endless =
                Listing.uncounted(
                        Shape.ARRAY,
                        visitor -> {
                            while (visitor.take(Reply.bulk("x"))) Thread.onSpinWait();
                        });
        return endless.gather(keyspace).toString();
    }
}
