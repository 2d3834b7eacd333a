# How a JVM runs Holdfast, and the cache of classes that lets it start quickly.
#
# Sourced by ./holdfast and by the launcher of the archive.

# Sets the array `flags` for verb $1. $2 is a cache of classes, used if it is there: a JVM that
# cannot use it (another version, a heap beyond 32 GiB) starts as it would without.
jvm_flags() {
    flags=(
        --enable-native-access=ALL-UNNAMED
        --sun-misc-unsafe-memory-access=allow
        -XX:+ExitOnOutOfMemoryError
        -XX:-CreateCoredumpOnCrash
        -Djdk.serialFilter='!*'
    )
    case $1 in
        # A server that does nothing should hold little: a heap that starts small, in small regions,
        # and what malloc keeps given back. One that starts has no time to compile what runs rarely.
        # Netty looks for leaks by noting who made each 128th buffer: that is for tests.
        serve | load)
            flags+=(-XX:+UseG1GC -XX:G1HeapRegionSize=1m -Xms24m -XX:TrimNativeHeapInterval=2000)
            flags+=(-XX:CompileThresholdScaling=6 -Dio.netty.leakDetection.level=disabled)
            ;;
        # What ends in a moment should start in a moment.
        *) flags+=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1) ;;
    esac
    [ ! -r "$2" ] || flags+=(-XX:AOTCache="$2" -Xlog:aot=off -Xlog:cds=off)
}

# Prints the class path of the jars given. In a fixed order: a cache is good for one alone.
class_path() {
    local IFS=:
    echo "$*"
}

# Has the server on port $1 answer many small requests, so that the cache has profiles of what they
# run through (JEP 515).
train() {
    command -v awk >/dev/null && exec 4<>"/dev/tcp/127.0.0.1/$1" || return 0
    {
        awk 'BEGIN {
            for (i = 0; i < 40000; i++) {
                k = int(rand() * 5000)
                printf "SET key:%d %064d\r\nGET key:%d\r\nINCR count:%d\r\n", k, i, k, k
                printf "HSET hash f%d %064d\r\nLPUSH list %064d\r\nRPOP list\r\n", k, i, i
                printf "ZADD set %d m%d\r\nSADD members m%d\r\n", i, k, k
                printf "MSET a%d 1 b%d 2 c%d 3\r\n", k, k, k
            }
            print "QUIT\r"
        }' >&4 &
        feeder=$!
        timeout 30 cat <&4 >/dev/null
        kill "$feeder"
        wait "$feeder"
    } 2>/dev/null
    exec 4>&-
}

# Makes cache $1 with class path $2 and the JDK in JAVA_HOME: a server answers some requests and
# ends, and what was loaded and linked until then is kept (JEP 514). Fails without a trace: nothing
# depends on the cache.
make_cache() (
    set +e
    work=$(mktemp -d) || exit 1
    server=
    trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work" "$1.next" "$1.next.config"' EXIT
    jvm_flags serve ''
    HOLDFAST_LOG=WARN timeout 120 "$JAVA_HOME/bin/java" "${flags[@]}" -XX:AOTCacheOutput="$1.next" \
        -cp "$2" dev.holdfast.app.Main serve --port 0 --admin-port 0 --data "$work/data" \
        >"$work/log" 2>&1 </dev/null &
    server=$!
    port=
    for ((look = 0; look < 300; look++)); do
        port=$(sed -n 's/^.*serving .* on 127\.0\.0\.1:\([0-9]*\), .*$/\1/p' "$work/log" 2>/dev/null)
        [ -z "$port" ] || break
        kill -0 "$server" 2>/dev/null || exit 1
        sleep 0.1
    done
    [ -n "$port" ] || exit 1
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
    printf '%s\r\n' PING 'HELLO 3' 'SET a 1' 'GET a' 'INCR n' 'HSET h f v' 'HGETALL h' 'LPUSH l x' \
        'LRANGE l 0 -1' 'SADD s x' 'ZADD z 1 x' 'ZRANGE z 0 -1' 'XADD x * f v' 'EXPIRE a 100' \
        'SCAN 0' INFO 'CONFIG GET *' 'COMMAND COUNT' QUIT >&3
    timeout 10 cat <&3 >/dev/null
    exec 3>&-
    train "$port"
    kill "$server"
    wait "$server"
    server=
    [ -s "$1.next" ] && mv "$1.next" "$1"
)
