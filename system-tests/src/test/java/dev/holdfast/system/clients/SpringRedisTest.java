package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.annotation.Id;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.cache.RedisCacheWriter.RedisCacheWriterConfigurer;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.RedisHash;
import org.springframework.data.redis.core.RedisKeyExpiredEvent;
import org.springframework.data.redis.core.RedisKeyValueAdapter.EnableKeyspaceEvents;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.TimeToLive;
import org.springframework.data.redis.core.index.Indexed;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.data.redis.repository.configuration.EnableRedisRepositories;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.repository.CrudRepository;

/// What applications do with Spring Data Redis: templates, transactions, a cache, repositories with
/// indexes and expiry events, listeners of messages and of streams.
@Timeout(120)
class SpringRedisTest {
    private static final long SECONDS = 30;

    @TempDir static Path folder;
    static ServerProcess server;
    static AnnotationConfigApplicationContext context;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(Files.createDirectories(folder.resolve("data")));
        context = new AnnotationConfigApplicationContext(Application.class);
    }

    @AfterAll
    static void stop() throws IOException {
        if (context != null) context.close();
        assertEquals(0, server.stop(Duration.ofSeconds(30)));
    }

    /// The application under test.
    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @EnableRedisRepositories(
            considerNestedRepositories = true,
            enableKeyspaceEvents = EnableKeyspaceEvents.ON_STARTUP)
    static class Application {
        final BlockingQueue<Object> expired = new ArrayBlockingQueue<>(10);

        @Bean
        LettuceConnectionFactory connections() {
            return new LettuceConnectionFactory("127.0.0.1", server.port());
        }

        @Bean
        StringRedisTemplate redisTemplate(LettuceConnectionFactory connections) {
            return new StringRedisTemplate(connections);
        }

        @Bean
        RedisCacheManager cacheManager(LettuceConnectionFactory connections) {
            var defaults =
                    RedisCacheConfiguration.defaultCacheConfig().entryTtl(Duration.ofMinutes(5));
            var writer =
                    RedisCacheWriter.create(
                            connections, RedisCacheWriterConfigurer::immediateWrites);
            return RedisCacheManager.builder(writer).cacheDefaults(defaults).build();
        }

        @Bean
        Prices prices() {
            return new LookedUpPrices();
        }

        @EventListener
        void onExpired(RedisKeyExpiredEvent<?> event) {
            if (event.getValue() != null) expired.add(event.getValue());
        }
    }

    /// Something slow, which is cached.
    interface Prices {
        @Cacheable("prices")
        String of(String article);

        @CacheEvict(cacheNames = "prices", allEntries = true)
        void forget();

        AtomicInteger lookups();
    }

    static class LookedUpPrices implements Prices {
        private final AtomicInteger lookups = new AtomicInteger();

        @Override
        public String of(String article) {
            return article + " costs " + lookups.incrementAndGet();
        }

        @Override
        public void forget() {}

        @Override
        public AtomicInteger lookups() {
            return lookups;
        }
    }

    /// An entity with an index and an end.
    @RedisHash("people")
    static class Person {
        @Id String id;
        @Indexed String town;
        String name;
        @TimeToLive Long seconds;

        Person(String id, String town, String name, Long seconds) {
            this.id = id;
            this.town = town;
            this.name = name;
            this.seconds = seconds;
        }
    }

    interface People extends CrudRepository<Person, String> {
        List<Person> findByTown(String town);
    }

    private static StringRedisTemplate template() {
        return context.getBean(StringRedisTemplate.class);
    }

    @Test
    void shouldServeATemplate() {
        StringRedisTemplate redis = template();
        redis.opsForValue().set("spring:a", "1", Duration.ofMinutes(1));
        assertEquals(2, redis.opsForValue().increment("spring:a"));
        assertEquals(false, redis.opsForValue().setIfAbsent("spring:a", "3"));
        redis.opsForHash().putAll("spring:hash", Map.of("a", "1", "b", "2"));
        assertEquals(Map.of("a", "1", "b", "2"), redis.opsForHash().entries("spring:hash"));
        redis.opsForList().rightPushAll("spring:list", "x", "y", "z");
        assertEquals("x", redis.opsForList().leftPop("spring:list", Duration.ofSeconds(5)));
        redis.opsForSet().add("spring:set", "m", "n");
        assertEquals(Set.of("m", "n"), redis.opsForSet().members("spring:set"));
        redis.opsForZSet().add("spring:zset", "low", 1);
        redis.opsForZSet().add("spring:zset", "high", 9);
        assertEquals(Set.of("high"), redis.opsForZSet().rangeByScore("spring:zset", 5, 10));
        List<Object> piped =
                redis.executePipelined(
                        new SessionCallback<Object>() {
                            @Override
                            @SuppressWarnings("unchecked")
                            public <K, V> Object execute(RedisOperations<K, V> operations) {
                                var strings = (RedisOperations<String, String>) operations;
                                for (int i = 0; i < 100; i++)
                                    strings.opsForValue().increment("spring:piped");
                                return null;
                            }
                        });
        assertEquals(100L, piped.getLast());
        assertEquals(Set.of("spring:a"), redis.keys("spring:a*"));
    }

    @Test
    void shouldRunTransactions() {
        List<Object> done =
                template()
                        .execute(
                                new SessionCallback<List<Object>>() {
                                    @Override
                                    @SuppressWarnings("unchecked")
                                    public <K, V> List<Object> execute(
                                            RedisOperations<K, V> operations) {
                                        var strings = (RedisOperations<String, String>) operations;
                                        strings.watch("spring:tx");
                                        strings.multi();
                                        strings.opsForValue().set("spring:tx", "1");
                                        strings.opsForValue().increment("spring:tx");
                                        return strings.exec();
                                    }
                                });
        assertEquals(List.of(true, 2L), done);
    }

    @Test
    void shouldCache() {
        Prices prices = context.getBean(Prices.class);
        assertEquals("tea costs 1", prices.of("tea"));
        assertEquals("tea costs 1", prices.of("tea"));
        prices.forget();
        assertEquals("tea costs 2", prices.of("tea"));
    }

    @Test
    void shouldKeepEntitiesAndTellWhenTheyExpire() throws InterruptedException {
        People people = context.getBean(People.class);
        people.save(new Person("1", "Paris", "Ada", null));
        people.save(new Person("2", "Paris", "Bob", null));
        people.save(new Person("3", "Oslo", "Cid", 1L));
        assertEquals(2, people.findByTown("Paris").size());
        assertEquals("Ada", people.findById("1").orElseThrow().name);
        people.deleteById("1");
        assertEquals(1, people.findByTown("Paris").size());
        Object expired = context.getBean(Application.class).expired.poll(SECONDS, TimeUnit.SECONDS);
        assertEquals("Cid", ((Person) assertNotNullOf(expired)).name);
        assertFalse(people.existsById("3"));
        assertTrue(people.findByTown("Oslo").isEmpty());
    }

    private static Object assertNotNullOf(Object value) {
        assertNotNull(value, "nothing in " + SECONDS + " s");
        return value;
    }

    @Test
    void shouldHearMessages() throws Exception {
        var heard = new ArrayBlockingQueue<String>(10);
        var container = new RedisMessageListenerContainer();
        container.setConnectionFactory(context.getBean(LettuceConnectionFactory.class));
        container.afterPropertiesSet();
        container.addMessageListener(
                (message, _) -> heard.add(new String(message.getBody())),
                ChannelTopic.of("spring:news"));
        container.start();
        try {
            template().convertAndSend("spring:news", "goal");
            assertEquals("goal", heard.poll(SECONDS, TimeUnit.SECONDS));
        } finally {
            container.destroy();
        }
    }

    @Test
    void shouldListenToStreams() throws Exception {
        StringRedisTemplate redis = template();
        for (int i = 0; i < 3; i++)
            redis.opsForStream().add("spring:stream", Map.of("n", Integer.toString(i)));
        redis.opsForStream().createGroup("spring:stream", ReadOffset.from("0"), "readers");
        var heard = new ArrayBlockingQueue<MapRecord<String, String, String>>(100);
        var options =
                StreamMessageListenerContainer.StreamMessageListenerContainerOptions.builder()
                        .pollTimeout(Duration.ofMillis(200))
                        .build();
        var container =
                StreamMessageListenerContainer.create(
                        context.getBean(LettuceConnectionFactory.class), options);
        container.receiveAutoAck(
                Consumer.from("readers", "me"),
                StreamOffset.create("spring:stream", ReadOffset.lastConsumed()),
                heard::add);
        container.start();
        try {
            redis.opsForStream().add("spring:stream", Map.of("n", "3"));
            for (int i = 0; i < 4; i++) {
                var record = heard.poll(SECONDS, TimeUnit.SECONDS);
                assertNotNull(record, "only " + i + " in " + SECONDS + " s");
                assertEquals(Integer.toString(i), record.getValue().get("n"));
            }
        } finally {
            container.stop();
        }
    }
}
