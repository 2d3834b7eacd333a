package dev.holdfast.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.Habits;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("OBJ-09")
class CreateProbeTest {
    private static final List<Bytes> BODY = List.of(Bytes.utf8("x"));

    @Test
    void shouldRefuseAStoreThatIgnoresTheConditionAndLeaveNothingInIt() {
        try (S3Twin careless = S3Twin.start(Habits.good().ignoringConditions());
                ObjectStore store = open(careless)) {
            // then
            var refused =
                    assertThrows(Refused.class, () -> store.putIfAbsent("manifest/1", BODY, id()));
            assertTrue(refused.getMessage().contains("If-None-Match"), refused.getMessage());
            assertThrows(Refused.class, () -> store.put("compacted/1", BODY));
            assertEquals(0, careless.objectCount());
        }
    }

    @Test
    void shouldRefuseAStoreThatDoesNotKnowTheCondition() {
        try (S3Twin old = S3Twin.start();
                ObjectStore store = open(old)) {
            // given
            old.follow(call -> new Twist.Refuse(501, "NotImplemented"));
            // then
            assertThrows(Refused.class, () -> store.putIfAbsent("manifest/1", BODY, id()));
        }
    }

    @Test
    void shouldAskOnceForAProcessAndNeverToRead() {
        var provider = new S3StoreProvider();
        try (S3Twin twin = S3Twin.start()) {
            S3Location location = S3Location.of(twin.url("bucket/db"));
            // when: somebody looks, then two write
            try (ObjectStore reader = provider.open(location, Stores.CREDENTIALS, Env.system())) {
                reader.list("", null, 1);
            }
            assertEquals(1, twin.calls());
            for (String name : List.of("a", "b"))
                try (ObjectStore writer =
                        provider.open(location, Stores.CREDENTIALS, Env.system())) {
                    assertInstanceOf(Stored.class, writer.put(name, BODY));
                }
            // then: two creations and a removal, and the two writes
            assertEquals(1 + 3 + 2, twin.calls());
            assertEquals(2, twin.objectCount());
        }
    }

    @Test
    void shouldAskAgainWhenTheProbeItselfWasNotAnswered() {
        try (S3Twin twin = S3Twin.start();
                ObjectStore store = open(twin)) {
            // given
            twin.next(Operation.PUT, new Twist.LoseReply());
            // then
            assertInstanceOf(Stored.class, store.putIfAbsent("manifest/1", BODY, id()));
        }
    }

    private static ObjectStore open(S3Twin twin) {
        return Stores.open(twin.url("bucket/db"), Env.system());
    }

    private static Ulid id() {
        return Ulid.next(Env.system());
    }
}
