package dev.holdfast.redis.config;

import dev.holdfast.redis.config.KnownParameter.Rule;
import java.util.List;
import java.util.Map;

/// The parameters of Redis 7.0 that change nothing here: name, value at first, rule.
///
/// ```
/// yes-no      yes or no: kept and shown
/// 0..9        a whole number: kept and shown
/// fixed       cannot change while a server runs
/// protected   cannot change unless the server was started otherwise
/// only WHY    takes the value that it has, and no other
/// = name      another name of that parameter
/// ```
public final class KnownParameters {
    private static final String TABLE =
            """
            active-defrag-cycle-max | 25 | 1..99
            active-defrag-cycle-min | 1 | 1..99
            active-defrag-ignore-bytes | 104857600 | 1..
            active-defrag-max-scan-fields | 1000 | 1..
            active-defrag-threshold-lower | 10 | 0..1000
            active-defrag-threshold-upper | 100 | 0..1000
            active-expire-effort | 1 | 1..10
            activedefrag | no | only HEAP
            activerehashing | yes | yes-no
            always-show-logo | no | fixed
            aof-disable-auto-gc | no | only DURABLE
            aof-load-truncated | yes | only DURABLE
            aof-rewrite-incremental-fsync | yes | yes-no
            aof-timestamp-enabled | no | only DURABLE
            aof-use-rdb-preamble | yes | only DURABLE
            aof_rewrite_cpulist |  | fixed
            appenddirname | appendonlydir | fixed
            appendfilename | appendonly.aof | fixed
            appendfsync | everysec | only DURABLE
            appendonly | no | only DURABLE
            auto-aof-rewrite-min-size | 67108864 | 0..
            auto-aof-rewrite-percentage | 100 | 0..2147483647
            bgsave_cpulist |  | fixed
            bind-source-addr |  | fixed
            bio_cpulist |  | fixed
            client-query-buffer-limit | 1073741824 | 1048576..
            cluster-allow-pubsubshard-when-down | yes | only CLUSTER
            cluster-allow-reads-when-down | no | only CLUSTER
            cluster-allow-replica-migration | yes | only CLUSTER
            cluster-announce-bus-port | 0 | only CLUSTER
            cluster-announce-hostname |  | only CLUSTER
            cluster-announce-ip |  | only CLUSTER
            cluster-announce-port | 0 | only CLUSTER
            cluster-announce-tls-port | 0 | only CLUSTER
            cluster-config-file | nodes.conf | fixed
            cluster-enabled | no | fixed
            cluster-link-sendbuf-limit | 0 | only CLUSTER
            cluster-migration-barrier | 1 | only CLUSTER
            cluster-node-timeout | 15000 | only CLUSTER
            cluster-port | 0 | fixed
            cluster-preferred-endpoint-type | ip | only CLUSTER
            cluster-replica-no-failover | no | only CLUSTER
            cluster-replica-validity-factor | 10 | only CLUSTER
            cluster-require-full-coverage | yes | only CLUSTER
            cluster-slave-no-failover | no | = cluster-replica-no-failover
            cluster-slave-validity-factor | 10 | = cluster-replica-validity-factor
            crash-log-enabled | yes | yes-no
            crash-memcheck-enabled | yes | yes-no
            daemonize | no | fixed
            dbfilename | dump.rdb | protected
            dir | / | protected
            disable-thp | yes | fixed
            dynamic-hz | yes | yes-no
            enable-module-command | no | fixed
            enable-protected-configs | no | fixed
            hash-max-listpack-entries | 512 | 0..
            hash-max-listpack-value | 64 | 0..
            hash-max-ziplist-entries | 512 | = hash-max-listpack-entries
            hash-max-ziplist-value | 64 | = hash-max-listpack-value
            hll-sparse-max-bytes | 3000 | 0..
            hz | 10 | 0..2147483647
            ignore-warnings |  | fixed
            io-threads | 1 | fixed
            io-threads-do-reads | no | fixed
            jemalloc-bg-thread | yes | yes-no
            lazyfree-lazy-eviction | no | yes-no
            lazyfree-lazy-expire | no | yes-no
            lazyfree-lazy-server-del | no | yes-no
            lazyfree-lazy-user-del | no | yes-no
            lazyfree-lazy-user-flush | no | yes-no
            lfu-decay-time | 1 | 0..2147483647
            lfu-log-factor | 10 | 0..2147483647
            list-compress-depth | 0 | 0..2147483647
            list-max-listpack-size | -2 | -2147483648..2147483647
            list-max-ziplist-size | -2 | = list-max-listpack-size
            logfile |  | fixed
            loglevel | notice | only LOGGING
            lua-time-limit | 5000 | = busy-reply-threshold
            masterauth |  | only REPLICAS
            masteruser |  | only REPLICAS
            maxmemory-clients | 0 | only CLIENTS
            maxmemory-eviction-tenacity | 10 | 0..100
            maxmemory-policy | noeviction | only MEMORY
            maxmemory-samples | 5 | 1..2147483647
            min-replicas-max-lag | 10 | 0..2147483647
            min-replicas-to-write | 0 | only REPLICAS
            min-slaves-max-lag | 10 | = min-replicas-max-lag
            min-slaves-to-write | 0 | = min-replicas-to-write
            no-appendfsync-on-rewrite | no | yes-no
            oom-score-adj | no | fixed
            oom-score-adj-values | 0 200 800 | fixed
            pidfile |  | fixed
            proc-title-template | {title} {listen-addr} {server-mode} | fixed
            propagation-error-behavior | ignore | only REPLICAS
            rdb-del-sync-files | no | yes-no
            rdb-save-incremental-fsync | yes | yes-no
            rdbchecksum | yes | fixed
            rdbcompression | yes | yes-no
            repl-backlog-size | 1048576 | 1..
            repl-backlog-ttl | 3600 | 0..2147483647
            repl-disable-tcp-nodelay | no | yes-no
            repl-diskless-load | disabled | only REPLICAS
            repl-diskless-sync | yes | yes-no
            repl-diskless-sync-delay | 5 | 0..2147483647
            repl-diskless-sync-max-replicas | 0 | 0..2147483647
            repl-ping-replica-period | 10 | 1..2147483647
            repl-ping-slave-period | 10 | = repl-ping-replica-period
            repl-timeout | 60 | 1..2147483647
            replica-announce-ip |  | only REPLICAS
            replica-announce-port | 0 | only REPLICAS
            replica-announced | yes | yes-no
            replica-ignore-disk-write-errors | no | only REPLICAS
            replica-ignore-maxmemory | yes | yes-no
            replica-lazy-flush | no | yes-no
            replica-priority | 100 | 0..2147483647
            replica-read-only | yes | yes-no
            replica-serve-stale-data | yes | yes-no
            replicaof |  | only REPLICAS
            sanitize-dump-payload | no | only RESTORE
            save |  | only DURABLE
            server_cpulist |  | fixed
            set-max-intset-entries | 512 | 0..
            set-proc-title | yes | fixed
            shutdown-on-sigint | default | only STOP
            shutdown-on-sigterm | default | only STOP
            shutdown-timeout | 10 | only STOP
            slave-announce-ip |  | = replica-announce-ip
            slave-announce-port | 0 | = replica-announce-port
            slave-ignore-maxmemory | yes | = replica-ignore-maxmemory
            slave-lazy-flush | no | = replica-lazy-flush
            slave-priority | 100 | = replica-priority
            slave-read-only | yes | = replica-read-only
            slave-serve-stale-data | yes | = replica-serve-stale-data
            slaveof |  | = replicaof
            socket-mark-id | 0 | fixed
            stop-writes-on-bgsave-error | yes | yes-no
            stream-node-max-bytes | 4096 | 0..
            stream-node-max-entries | 100 | 0..
            supervised | no | fixed
            syslog-enabled | no | fixed
            syslog-facility | local0 | fixed
            syslog-ident | redis | fixed
            tcp-backlog | 511 | fixed
            tcp-keepalive | 300 | 0..2147483647
            tls-ca-cert-dir |  | only TLS
            tls-ciphers |  | only TLS
            tls-ciphersuites |  | only TLS
            tls-client-cert-file |  | only TLS
            tls-client-key-file |  | only TLS
            tls-client-key-file-pass |  | only TLS
            tls-cluster | no | only TLS
            tls-dh-params-file |  | only TLS
            tls-prefer-server-ciphers | no | only TLS
            tls-replication | no | only TLS
            tls-session-cache-size | 20480 | only TLS
            tls-session-cache-timeout | 300 | only TLS
            tls-session-caching | yes | only TLS
            unixsocket |  | fixed
            unixsocketperm | 0 | fixed
            zset-max-listpack-entries | 128 | 0..
            zset-max-listpack-value | 64 | 0..
            zset-max-ziplist-entries | 128 | = zset-max-listpack-entries
            zset-max-ziplist-value | 64 | = zset-max-listpack-value
            """;

    private static final Map<String, String> REASONS =
            Map.ofEntries(
                    Map.entry("ACL", "that is not configurable here"),
                    Map.entry(
                            "CLIENTS",
                            "what clients hold is bounded by a quarter of the room in the heap"),
                    Map.entry("CLUSTER", "there is no cluster here"),
                    Map.entry("DURABLE", "what is answered is durable already: see durability"),
                    Map.entry("HEAP", "the memory is the JVM's"),
                    Map.entry("LOGGING", "the log is configured where the process is started"),
                    Map.entry(
                            "MEMORY",
                            "no key is dropped for want of memory: what does not fit into maxmemory"
                                    + " lies in the object store"),
                    Map.entry("REPLICAS", "there are no replicas here"),
                    Map.entry("RESTORE", "payloads are always checked"),
                    Map.entry("STOP", "every stop persists what was acknowledged"),
                    Map.entry("TLS", "TLS is not configured this way here"));

    private KnownParameters() {}

    /// All of them, by name.
    public static List<KnownParameter> all() {
        return TABLE.lines().map(KnownParameters::parse).toList();
    }

    private static KnownParameter parse(String line) {
        String[] cells = line.split("\\|", -1);
        return new KnownParameter(cells[0].strip(), cells[1].strip(), rule(cells[2].strip()));
    }

    private static Rule rule(String text) {
        String[] words = text.split(" ", 2);
        return switch (words[0]) {
            case "yes-no" -> new Rule.YesNo();
            case "fixed" -> new Rule.Fixed();
            case "protected" -> new Rule.Protected();
            case "only" -> new Rule.Only(REASONS.getOrDefault(words[1], words[1]));
            case "=" -> new Rule.SameAs(words[1]);
            default -> {
                String[] ends = text.split("\\.\\.", -1);
                long most = ends[1].isEmpty() ? Long.MAX_VALUE : Long.parseLong(ends[1]);
                yield new Rule.Whole(Long.parseLong(ends[0]), most);
            }
        };
    }
}
