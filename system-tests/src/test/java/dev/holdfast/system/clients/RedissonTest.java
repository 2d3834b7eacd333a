package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.Contender;
import dev.holdfast.system.process.TestedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RBlockingQueue;
import org.redisson.api.RFuture;
import org.redisson.api.RLock;
import org.redisson.api.RMapCache;
import org.redisson.api.RScript;
import org.redisson.api.RStream;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.api.TransactionOptions;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/// What applications do with Redisson, nearly all of which are scripts: locks, semaphores, maps
/// whose entries end, queues, messages, streams, batches. Against the real Redis, too.
@Timeout(120)
@ParameterizedClass
@EnumSource(Contender.class)
@SuppressWarnings("deprecation") // the queue with delays, which applications have all the same
class RedissonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WATCHDOG = Duration.ofSeconds(6);

    @TempDir static Path folder;
    static TestedServer server;
    static RedissonClient redisson;

    @Parameter Contender contender;

    @BeforeParameterizedClassInvocation
    static void start(Contender contender) throws IOException {
        Path data = Files.createDirectories(folder.resolve(contender.name()));
        server = contender.startOn(Contender.lastingPort(), data);
        redisson = Redisson.create(config(server.port()));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        if (redisson != null) redisson.shutdown();
        assertEquals(0, server.stop(PATIENCE));
    }

    static Config config(int port) {
        var config = new Config();
        config.setCodec(StringCodec.INSTANCE);
        config.setLockWatchdogTimeout(WATCHDOG.toMillis());
        config.useSingleServer()
                .setAddress("redis://127.0.0.1:" + port)
                .setTimeout(20_000)
                .setSubscriptionTimeout(60_000)
                .setConnectionMinimumIdleSize(2)
                .setConnectionPoolSize(16);
        return config;
    }

    @Test
    void shouldLetOneAtATimeHoldALock() throws InterruptedException {
        for (RLock lock : List.of(redisson.getLock("lock"), redisson.getFairLock("fair"))) {
            var inside = new AtomicInteger();
            var most = new AtomicInteger();
            var done = new AtomicInteger();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 4; i++)
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int j = 0; j < 10; j++) {
                                        lock.lock(60, TimeUnit.SECONDS);
                                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                        done.incrementAndGet();
                                        inside.decrementAndGet();
                                        lock.unlock();
                                    }
                                }));
            for (Thread thread : threads) thread.join();
            assertEquals(1, most.get());
            assertEquals(40, done.get());
            assertFalse(lock.isLocked());
        }
    }

    @Test
    void shouldRenewTheLeaseOfALockWhileItIsHeld() {
        RLock lock = redisson.getLock("renewed");
        lock.lock(); // without a lease of its own, so that the watchdog looks after it
        awaitRenewal(lock);
        assertTrue(lock.isHeldByCurrentThread());
        lock.lock();
        assertEquals(2, lock.getHoldCount());
        lock.unlock();
        lock.unlock();
        assertFalse(lock.isLocked());
    }

    /// Waits until a lock has more time left than a moment before.
    static void awaitRenewal(RLock lock) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        long left = lock.remainTimeToLive();
        for (long before = Long.MAX_VALUE; left <= before; left = lock.remainTimeToLive()) {
            assertTrue(0 < left, "the lock has ended");
            assertTrue(System.nanoTime() - giveUp < 0, "never renewed");
            before = left;
        }
    }

    @Test
    void shouldLetReadersInTogetherAndWritersAlone() {
        var lock = redisson.getReadWriteLock("both");
        lock.readLock().lock();
        assertTrue(lock.readLock().tryLock());
        boolean[] wrote = new boolean[1];
        join(Thread.ofPlatform().start(() -> wrote[0] = lock.writeLock().tryLock()));
        assertFalse(wrote[0]);
        lock.readLock().unlock();
        lock.readLock().unlock();
        assertTrue(lock.writeLock().tryLock());
        lock.writeLock().unlock();
    }

    private static void join(Thread thread) {
        try {
            assertTrue(thread.join(PATIENCE));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldCountPermits() throws InterruptedException {
        var semaphore = redisson.getSemaphore("permits");
        assertTrue(semaphore.trySetPermits(2));
        semaphore.acquire(2);
        assertFalse(semaphore.tryAcquire());
        RFuture<Boolean> waiting = semaphore.tryAcquireAsync(30, TimeUnit.SECONDS);
        semaphore.release();
        assertTrue(done(waiting));
        var leased = redisson.getPermitExpirableSemaphore("leased");
        assertTrue(leased.trySetPermits(1));
        assertNotNull(leased.acquire(50, TimeUnit.MILLISECONDS)); // and never given back
        String next = leased.tryAcquire(30, 60, TimeUnit.SECONDS);
        assertNotNull(next);
        leased.release(next);
        var latch = redisson.getCountDownLatch("latch");
        assertTrue(latch.trySetCount(1));
        latch.countDown();
        assertTrue(latch.await(10, TimeUnit.SECONDS));
    }

    private static <T> T done(RFuture<T> future) {
        return future.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Test
    void shouldLimitARate() {
        var limiter = redisson.getRateLimiter("rate");
        assertTrue(limiter.trySetRate(RateType.OVERALL, 3, Duration.ofHours(1)));
        assertFalse(limiter.trySetRate(RateType.OVERALL, 9, Duration.ofHours(1)));
        assertTrue(limiter.tryAcquire(2));
        assertFalse(limiter.tryAcquire(2));
        assertEquals(1, limiter.availablePermits());
        assertTrue(limiter.tryAcquire());
        var quick = redisson.getRateLimiter("quick");
        quick.trySetRate(RateType.OVERALL, 1, Duration.ofMillis(50));
        for (int i = 0; i < 3; i++) assertTrue(quick.tryAcquire(1, PATIENCE));
    }

    @Test
    void shouldKeepMaps() throws InterruptedException {
        RMapCache<String, String> map = redisson.getMapCache("map");
        assertNull(map.put("kept", "1", 1, TimeUnit.HOURS));
        assertEquals("1", map.putIfAbsent("kept", "2"));
        map.fastPut("brief", "1", 1, TimeUnit.MILLISECONDS);
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (map.containsKey("brief") && System.nanoTime() - giveUp < 0) Thread.onSpinWait();
        assertNull(map.get("brief"));
        assertEquals(Map.of("kept", "1"), map.getAll(Set.of("kept", "brief")));
        var plain = redisson.<String, String>getMap("plain");
        plain.putAll(Map.of("a", "1", "b", "2"));
        assertTrue(plain.replace("a", "1", "3"));
        assertEquals(Map.of("a", "3", "b", "2"), plain.readAllMap());
        var far = LocalCachedMapOptions.<String, String>name("near").codec(StringCodec.INSTANCE);
        var mine = redisson.getLocalCachedMap(far);
        var other = redisson.getLocalCachedMap(far);
        mine.put("k", "old");
        assertEquals("old", other.get("k"));
        mine.put("k", "new"); // which the other one hears
        while (!"new".equals(other.get("k")) && System.nanoTime() - giveUp < 0) Thread.onSpinWait();
        assertEquals("new", other.get("k"));
        mine.destroy();
        other.destroy();
    }

    @Test
    void shouldPassElementsOn() throws InterruptedException {
        RBlockingQueue<String> queue = redisson.getBlockingQueue("queue");
        RFuture<String> taken = queue.takeAsync();
        queue.put("element");
        assertEquals("element", done(taken));
        RBlockingQueue<String> target = redisson.getBlockingQueue("target");
        var delayed = redisson.getDelayedQueue(target);
        delayed.offer("second", 700, TimeUnit.MILLISECONDS);
        delayed.offer("first", 200, TimeUnit.MILLISECONDS);
        assertEquals(2, delayed.size());
        assertEquals("first", target.poll(30, TimeUnit.SECONDS));
        assertEquals("second", target.poll(30, TimeUnit.SECONDS));
        delayed.destroy();
        var deque = redisson.<String>getBlockingDeque("deque");
        deque.addAll(List.of("a", "b", "c"));
        assertEquals("c", deque.takeLast());
        assertEquals("b", deque.pollLastAndOfferFirstTo("rest"));
        assertEquals("a", deque.poll());
    }

    @Test
    void shouldHearMessages() throws InterruptedException {
        var heard = new ArrayBlockingQueue<String>(4);
        int plain =
                redisson.getTopic("topic").addListener(String.class, (_, word) -> heard.add(word));
        redisson.getPatternTopic("t?pic")
                .addListener(
                        String.class,
                        (pattern, channel, _) -> heard.add(pattern.toString() + channel));
        assertEquals(2, redisson.getTopic("topic").publish("hello"));
        var both = Set.of(heard.poll(30, TimeUnit.SECONDS), heard.poll(30, TimeUnit.SECONDS));
        assertEquals(Set.of("hello", "t?pictopic"), both);
        redisson.getTopic("topic").removeListener(plain);
        redisson.getPatternTopic("t?pic").removeAllListeners();
    }

    @Test
    void shouldReadStreamsInGroups() {
        RStream<String, String> stream = redisson.getStream("stream");
        stream.createGroup(StreamCreateGroupArgs.name("readers").makeStream());
        for (int i = 1; i <= 5; i++)
            stream.add(new StreamMessageId(1, i), StreamAddArgs.entry("n", Integer.toString(i)));
        var mine = stream.readGroup("readers", "me", StreamReadGroupArgs.neverDelivered().count(3));
        assertEquals(3, mine.size());
        assertEquals(Map.of("n", "1"), mine.get(new StreamMessageId(1, 1)));
        assertEquals(1, stream.ack("readers", new StreamMessageId(1, 1)));
        assertEquals(2, stream.getPendingInfo("readers").getTotal());
        var claimed =
                stream.claim("readers", "you", 0, TimeUnit.MILLISECONDS, new StreamMessageId(1, 2));
        assertEquals(Map.of("n", "2"), claimed.get(new StreamMessageId(1, 2)));
        assertEquals(5, stream.range(StreamMessageId.MIN, StreamMessageId.MAX).size());
        assertEquals(5, stream.getInfo().getLength());
        assertEquals("readers", stream.listGroups().getFirst().getName());
    }

    @Test
    void shouldRunScripts() {
        RScript script = redisson.getScript(StringCodec.INSTANCE);
        String sum = "return redis.call('incrby', KEYS[1], ARGV[1]) + #KEYS";
        List<Object> keys = List.of("script");
        assertEquals(
                6L,
                script.<Long>eval(RScript.Mode.READ_WRITE, sum, RScript.ReturnType.LONG, keys, 5));
        String sha = script.scriptLoad(sum);
        assertEquals(
                11L,
                script.<Long>evalSha(
                        RScript.Mode.READ_WRITE, sha, RScript.ReturnType.LONG, keys, 5));
        assertEquals(List.of(true, false), script.scriptExists(sha, "0".repeat(40)));
        String list = "return {ARGV[1], 'x', cjson.encode({1, 2})}";
        assertEquals(
                List.of("v", "x", "[1,2]"),
                script.eval(RScript.Mode.READ_ONLY, list, RScript.ReturnType.LIST, List.of(), "v"));
    }

    @Test
    void shouldCountSortAndSet() {
        var number = redisson.getAtomicLong("sum");
        assertEquals(5, number.addAndGet(5));
        assertTrue(number.compareAndSet(5, 7));
        assertEquals(7, number.getAndDelete());
        var scored = redisson.<String>getScoredSortedSet("scored");
        scored.addAll(Map.of("two", 2.0, "one", 1.0, "three", 3.0));
        assertEquals(List.of("one", "two"), List.copyOf(scored.valueRange(0, 1)));
        assertEquals(2, scored.rank("three"));
        assertEquals(4.5, scored.addScore("three", 1.5));
        assertEquals("one", scored.pollFirst());
        var words = redisson.getLexSortedSet("words");
        words.addAll(List.of("c", "a", "b"));
        assertEquals(List.of("a", "b"), List.copyOf(words.range("a", true, "c", false)));
        var bloom = redisson.<String>getBloomFilter("bloom");
        assertTrue(bloom.tryInit(1000, 0.01));
        bloom.add("seen");
        assertTrue(bloom.contains("seen"));
        assertFalse(bloom.contains("not seen"));
        var bucket = redisson.<String>getBucket("bucket");
        bucket.set("old", Duration.ofHours(1));
        assertTrue(bucket.compareAndSet("old", "new"));
        assertEquals("new", bucket.getAndDelete());
        var ring = redisson.<String>getRingBuffer("ring");
        assertTrue(ring.trySetCapacity(2));
        ring.addAll(List.of("a", "b", "c"));
        assertEquals(List.of("b", "c"), ring.readAll());
    }

    @Test
    void shouldRunBatchesAndTransactions() {
        RBatch batch = redisson.createBatch();
        for (int i = 0; i < 100; i++) batch.getAtomicLong("batch").incrementAndGetAsync();
        assertEquals(100L, batch.execute().getResponses().getLast());
        var atomic =
                BatchOptions.defaults().executionMode(BatchOptions.ExecutionMode.IN_MEMORY_ATOMIC);
        RBatch together = redisson.createBatch(atomic);
        together.getBucket("whole").setAsync("1");
        together.getList("parts").addAsync("a");
        assertEquals(2, together.execute().getResponses().size());
        var transaction = redisson.createTransaction(TransactionOptions.defaults());
        transaction.<String, String>getMap("ledger").put("ann", "1");
        transaction.<String>getSet("names").add("ann");
        assertFalse(redisson.getMap("ledger").containsKey("ann"));
        transaction.commit();
        assertEquals("1", redisson.getMap("ledger").get("ann"));
        var taken = redisson.createTransaction(TransactionOptions.defaults());
        taken.<String, String>getMap("ledger").put("ann", "2");
        taken.rollback();
        assertEquals("1", redisson.getMap("ledger").get("ann"));
        assertEquals(2, redisson.getKeys().delete("ledger", "names"));
    }
}
