// SlateDB as a peer of the measurements: does one task through the C interface of SlateDB's native
// library, the one that npm's @slatedb/uniffi 0.12.1 brings, so that no binding is measured along,
// and prints one line of figures. The tasks and the words are those of the Java peers (Worker).
//
//   slatedb LIBRARY DIRECTORY TASK name=value...
//
// The interface is UniFFI's: handles and futures are numbers, values are serialised into buffers
// with lengths of four bytes, most significant first.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    KEY_BYTES = 16,
    VALUE_BYTES_MAX = 65536,
    THREADS_MAX = 512,
    POLL_READY = 0,
    FLUSH_MEMTABLE = 0,
    FLUSH_LOG = 1,
    STEPS = 32, // of the histogram, in each power of two
    POWERS = 40,
};

typedef struct {
    uint64_t capacity, length;
    uint8_t *data;
} Buffer;

typedef struct {
    int32_t length;
    const uint8_t *data;
} Foreign;

typedef struct {
    int8_t code;
    Buffer error;
} Status;

typedef uint64_t Handle;

static void *library;
static const char *directory;
static int words;
static char **word;

static void fail(const char *what) {
    fprintf(stderr, "slatedb: %s\n", what);
    exit(70);
}

// ---------------------------------------------------------------- the interface

static void *symbol(const char *name) {
    void *found = dlsym(library, name);
    if (!found) fail(dlerror());
    return found;
}

// Looked up once at each place that names it.
#define NAMED(name)                                    \
    ({                                                 \
        static void *found;                            \
        if (!found) found = symbol(name);              \
        found;                                         \
    })
#define FUNCTION(name) NAMED("uniffi_slatedb_uniffi_fn_" name)
#define RUNTIME(name) NAMED("ffi_slatedb_uniffi_" name)

static void check(const Status *status, const char *doing) {
    if (!status->code) return;
    fprintf(stderr, "slatedb: %s: %.*s\n", doing, (int)status->error.length,
            status->error.data ? (const char *)status->error.data : "");
    exit(70);
}

static Buffer buffer(const void *bytes, int length) {
    Status status = {0};
    Foreign foreign = {length, bytes};
    Buffer made = ((Buffer(*)(Foreign, Status *))RUNTIME("rustbuffer_from_bytes"))(foreign, &status);
    check(&status, "buffer");
    return made;
}

static void release(Buffer unneeded) {
    Status status = {0};
    ((void (*)(Buffer, Status *))RUNTIME("rustbuffer_free"))(unneeded, &status);
}

static Buffer text(const char *string) { return buffer(string, (int)strlen(string)); }

static Buffer bytes(const uint8_t *source, int length) {
    uint8_t framed[VALUE_BYTES_MAX + 4] = {length >> 24, length >> 16, length >> 8, length};
    memcpy(framed + 4, source, length);
    return buffer(framed, length + 4);
}

typedef struct {
    volatile int result;
    sem_t done;
} Poll;

static void polled(uint64_t data, int8_t result) {
    Poll *poll = (Poll *)data;
    poll->result = result;
    sem_post(&poll->done);
}

static void await(void *poll_function, Handle future) {
    Poll poll;
    sem_init(&poll.done, 0, 0);
    do {
        ((void (*)(Handle, void (*)(uint64_t, int8_t), uint64_t))poll_function)(
                future, polled, (uint64_t)&poll);
        while (sem_wait(&poll.done)) {}
    } while (poll.result != POLL_READY);
    sem_destroy(&poll.done);
}

static Handle await_handle(Handle future) {
    Status status = {0};
    await(RUNTIME("rust_future_poll_u64"), future);
    Handle result = ((Handle(*)(Handle, Status *))RUNTIME("rust_future_complete_u64"))(future, &status);
    check(&status, "call");
    ((void (*)(Handle))RUNTIME("rust_future_free_u64"))(future);
    return result;
}

static Buffer await_buffer(Handle future) {
    Status status = {0};
    await(RUNTIME("rust_future_poll_rust_buffer"), future);
    Buffer result =
            ((Buffer(*)(Handle, Status *))RUNTIME("rust_future_complete_rust_buffer"))(future, &status);
    check(&status, "call");
    ((void (*)(Handle))RUNTIME("rust_future_free_rust_buffer"))(future);
    return result;
}

static void await_nothing(Handle future) {
    Status status = {0};
    await(RUNTIME("rust_future_poll_void"), future);
    ((void (*)(Handle, Status *))RUNTIME("rust_future_complete_void"))(future, &status);
    check(&status, "call");
    ((void (*)(Handle))RUNTIME("rust_future_free_void"))(future);
}

// A call uses up the handle that it is given.
static Handle again(void *clone, Handle handle) {
    Status status = {0};
    return ((Handle(*)(Handle, Status *))clone)(handle, &status);
}

#define DATABASE again(FUNCTION("clone_db"), database)

// ---------------------------------------------------------------- the database

static Handle database;

static const char *parameter(const char *name) {
    size_t length = strlen(name);
    for (int i = 0; i < words; i++)
        if (!strncmp(word[i], name, length) && word[i][length] == '=') return word[i] + length + 1;
    return NULL;
}

static long number(const char *name) {
    const char *found = parameter(name);
    if (!found) fail(name);
    return atol(found);
}

static void set(Handle settings, const char *name, const char *json) {
    Status status = {0};
    ((void (*)(Handle, Buffer, Buffer, Status *))FUNCTION("method_settings_set"))(
            again(FUNCTION("clone_settings"), settings), text(name), text(json), &status);
    check(&status, name);
}

static void open_database(void) {
    Status status = {0};
    char url[4096];
    snprintf(url, sizeof url, "file://%s", directory);
    Handle store = ((Handle(*)(Buffer, Status *))FUNCTION("constructor_objectstore_resolve"))(text(url), &status);
    check(&status, "store");
    Handle builder = ((Handle(*)(Buffer, Handle, Status *))FUNCTION("constructor_dbbuilder_new"))(text("db"), store, &status);
    check(&status, "builder");
    Handle settings = ((Handle(*)(Status *))FUNCTION("constructor_settings_default"))(&status);
    if (parameter("flush")) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "\"%s\"", parameter("flush"));
        set(settings, "flush_interval", quoted);
    }
    if (parameter("memtable")) {
        char bytes[64];
        snprintf(bytes, sizeof bytes, "%ld", number("memtable") << 20);
        set(settings, "l0_sst_size_bytes", bytes);
        snprintf(bytes, sizeof bytes, "%ld", number("memtable") << 22);
        set(settings, "max_unflushed_bytes", bytes);
    }
    ((void (*)(Handle, Handle, Status *))FUNCTION("method_dbbuilder_with_settings"))(
            again(FUNCTION("clone_dbbuilder"), builder), settings, &status);
    check(&status, "settings");
    database = await_handle(((Handle(*)(Handle))FUNCTION("method_dbbuilder_build"))(builder));
}

static void close_database(void) {
    await_nothing(((Handle(*)(Handle))FUNCTION("method_db_shutdown"))(DATABASE));
}

static void flush(int what) {
    uint8_t options[4] = {0, 0, 0, what + 1};
    await_nothing(((Handle(*)(Handle, Buffer))FUNCTION("method_db_flush_with_options"))(
            DATABASE, buffer(options, sizeof options)));
}

// The keys of all peers: spread over the whole space, each told by its number.
static void key_of(uint64_t number, uint8_t *key) {
    uint64_t hash = number * 0x9E3779B97F4A7C15ull;
    for (int i = 0; i < 8; i++) {
        key[i] = hash >> (56 - 8 * i);
        key[8 + i] = number >> (56 - 8 * i);
    }
}

static uint8_t value[VALUE_BYTES_MAX];
static int value_bytes;

static void put(uint64_t number, int awaited) {
    uint8_t key[KEY_BYTES];
    uint8_t put_options[4] = {0, 0, 0, 1}; // the default time to live
    uint8_t write_options[1] = {awaited};
    key_of(number, key);
    release(await_buffer(((Handle(*)(Handle, Buffer, Buffer, Buffer, Buffer))FUNCTION(
            "method_db_put_with_options"))(DATABASE, bytes(key, KEY_BYTES), bytes(value, value_bytes),
            buffer(put_options, sizeof put_options), buffer(write_options, sizeof write_options))));
}

static void write_batch(uint64_t first, int rows) {
    Status status = {0};
    uint8_t write_options[1] = {0};
    uint8_t key[KEY_BYTES];
    Handle batch = ((Handle(*)(Status *))FUNCTION("constructor_writebatch_new"))(&status);
    for (int i = 0; i < rows; i++) {
        key_of(first + i, key);
        ((void (*)(Handle, Buffer, Buffer, Status *))FUNCTION("method_writebatch_put"))(
                again(FUNCTION("clone_writebatch"), batch), bytes(key, KEY_BYTES),
                bytes(value, value_bytes), &status);
        check(&status, "batch");
    }
    release(await_buffer(((Handle(*)(Handle, Handle, Buffer))FUNCTION("method_db_write_with_options"))(
            DATABASE, again(FUNCTION("clone_writebatch"), batch), buffer(write_options, 1))));
    ((void (*)(Handle, Status *))FUNCTION("free_writebatch"))(batch, &status);
}

// True if the key is there.
static int get(uint64_t number) {
    uint8_t key[KEY_BYTES];
    key_of(number, key);
    Buffer found = await_buffer(((Handle(*)(Handle, Buffer))FUNCTION("method_db_get"))(
            DATABASE, bytes(key, KEY_BYTES)));
    int is_there = found.length && found.data[0];
    release(found);
    return is_there;
}

// False if the call failed as another transaction had won; what it returned is let go.
static int has_won(Handle future) {
    Status status = {0};
    await(RUNTIME("rust_future_poll_rust_buffer"), future);
    Buffer result =
            ((Buffer(*)(Handle, Status *))RUNTIME("rust_future_complete_rust_buffer"))(future, &status);
    ((void (*)(Handle))RUNTIME("rust_future_free_rust_buffer"))(future);
    if (!status.code) {
        release(result);
        return 1;
    }
    if (!status.error.data || !memmem(status.error.data, status.error.length, "onflict", 7))
        check(&status, "commit");
    release(status.error);
    return 0;
}

// Reads two keys and writes both, serializable, not awaited. False if another won.
static int transfer(uint64_t from, uint64_t to) {
    uint8_t level[4] = {0, 0, 0, 2};
    uint8_t write_options[1] = {0};
    uint64_t numbers[] = {from, to};
    Status status = {0};
    Handle transaction = await_handle(((Handle(*)(Handle, Buffer))FUNCTION("method_db_begin"))(
            DATABASE, buffer(level, sizeof level)));
    void *clone = FUNCTION("clone_dbtransaction");
    for (int i = 0; i < 2; i++) {
        uint8_t key[KEY_BYTES];
        key_of(numbers[i], key);
        release(await_buffer(((Handle(*)(Handle, Buffer))FUNCTION("method_dbtransaction_get"))(
                again(clone, transaction), bytes(key, KEY_BYTES))));
    }
    for (int i = 0; i < 2; i++) {
        uint8_t key[KEY_BYTES];
        key_of(numbers[i], key);
        await_nothing(((Handle(*)(Handle, Buffer, Buffer))FUNCTION("method_dbtransaction_put"))(
                again(clone, transaction), bytes(key, KEY_BYTES), bytes(value, value_bytes)));
    }
    int won = has_won(((Handle(*)(Handle, Buffer))FUNCTION("method_dbtransaction_commit_with_options"))(
            again(clone, transaction), buffer(write_options, 1)));
    ((void (*)(Handle, Status *))FUNCTION("free_dbtransaction"))(transaction, &status);
    return won;
}

static uint64_t scan_all(void) {
    uint8_t everything[4] = {0, 1, 0, 0}; // no start (inclusive), no end (exclusive)
    // Memory, not dirty, 4 MiB read ahead, blocks cached, 4 fetches at a time, ascending.
    uint8_t options[] = {0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0};
    Handle rows = await_handle(((Handle(*)(Handle, Buffer, Buffer))FUNCTION("method_db_scan_with_options"))(
            DATABASE, buffer(everything, sizeof everything), buffer(options, sizeof options)));
    uint64_t count = 0;
    int is_end = 0;
    while (!is_end) {
        Buffer row = await_buffer(((Handle(*)(Handle))FUNCTION("method_dbiterator_next"))(
                again(FUNCTION("clone_dbiterator"), rows)));
        is_end = row.data[0] == 0;
        release(row);
        count += !is_end;
    }
    return count;
}

// How many rows a scan from `number` on meets that ends after `most`.
static uint64_t scan_some(uint64_t number, uint64_t most) {
    uint8_t from[1 + 4 + KEY_BYTES + 3] = {1, 0, 0, 0, KEY_BYTES};
    key_of(number, from + 5);
    from[5 + KEY_BYTES] = 1; // inclusive, no end
    // Memory, not dirty, nothing read ahead, one fetch at a time, ascending: what it does by itself.
    uint8_t options[] = {0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0};
    Handle rows = await_handle(((Handle(*)(Handle, Buffer, Buffer))FUNCTION("method_db_scan_with_options"))(
            DATABASE, buffer(from, sizeof from), buffer(options, sizeof options)));
    uint64_t count = 0;
    int is_end = 0;
    while (!is_end && count < most) {
        Buffer row = await_buffer(((Handle(*)(Handle))FUNCTION("method_dbiterator_next"))(
                again(FUNCTION("clone_dbiterator"), rows)));
        is_end = row.data[0] == 0;
        release(row);
        count += !is_end;
    }
    Status status = {0};
    ((void (*)(Handle, Status *))FUNCTION("free_dbiterator"))(rows, &status);
    return count;
}

// ---------------------------------------------------------------- measuring

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static double processor_time(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long peak_kib(void) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
    if (file) fclose(file);
    return kib;
}

static volatile long histogram[POWERS * STEPS];

static void record(double seconds) {
    uint64_t nanos = (uint64_t)(seconds * 1e9) | STEPS;
    int power = 63 - __builtin_clzll(nanos);
    int step = (int)(nanos >> (power - 5)) & (STEPS - 1);
    int at = (power - 5) * STEPS + step;
    __sync_fetch_and_add(&histogram[at < POWERS * STEPS ? at : POWERS * STEPS - 1], 1);
}

static double quantile(double share) {
    long all = 0, seen = 0;
    for (int i = 0; i < POWERS * STEPS; i++) all += histogram[i];
    for (int i = 0; i < POWERS * STEPS; i++) {
        seen += histogram[i];
        if (seen > share * all) return ((uint64_t)(STEPS + i % STEPS) << (i / STEPS)) / 1e9;
    }
    return 0;
}

static double began, began_processor;

static void begin(void) {
    memset((void *)histogram, 0, sizeof histogram);
    began_processor = processor_time();
    began = now();
}

static void tell(double operations) {
    double seconds = now() - began;
    double processor = processor_time() - began_processor;
    printf("operations=%.0f seconds=%.6f processor=%.6f p50=%.9f p99=%.9f peak=%ld\n", operations, seconds,
           processor, quantile(0.5), quantile(0.99), peak_kib());
    fflush(stdout);
}

// ---------------------------------------------------------------- the tasks

static volatile uint64_t next_key;
static volatile uint64_t done;
static double until;
static uint64_t rows;
static int batch_rows, is_awaited, is_missing;

static void *putting(void *unused) {
    (void)unused;
    double time = now();
    while (time < until) {
        put(__sync_fetch_and_add(&next_key, 1), is_awaited);
        double after = now();
        record(after - time);
        time = after;
        __sync_fetch_and_add(&done, 1);
    }
    return NULL;
}

static void *batching(void *unused) {
    (void)unused;
    uint64_t first;
    while ((first = __sync_fetch_and_add(&next_key, batch_rows)) < rows) write_batch(first, batch_rows);
    return NULL;
}

static void *getting(void *seed) {
    uint64_t random = (uint64_t)(uintptr_t)seed * 7919 + 12345;
    uint64_t count = 0;
    double time = now();
    while (time < until) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        uint64_t key = (random >> 33) % rows + (is_missing ? rows : 0);
        if (get(key) == is_missing) fail("a get found what is not there, or not what is");
        double after = now();
        record(after - time);
        time = after;
        count++;
    }
    __sync_fetch_and_add(&done, count);
    return NULL;
}

static void *transacting(void *seed) {
    uint64_t random = (uint64_t)(uintptr_t)seed * 7919 + 12345;
    uint64_t count = 0;
    double time = now();
    while (time < until) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        uint64_t from = (random >> 33) % rows;
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        uint64_t to = (random >> 33) % rows;
        while (!transfer(from, to)) {}
        double after = now();
        record(after - time);
        time = after;
        count++;
    }
    __sync_fetch_and_add(&done, count);
    return NULL;
}

// The same draws as Drawn and Zipf of the Java peers.
static const double theta = 0.99;
static double zeta, eta;
static int reads, updates, inserts, scans;
static const char *keys;

static uint64_t drawn(uint64_t *random, uint64_t below) {
    *random = *random * 6364136223846793005ull + 1442695040888963407ull;
    return (*random >> 33) % below;
}

static void prepare_zipf(void) {
    zeta = 0;
    for (uint64_t i = 1; i <= rows; i++) zeta += pow(i, -theta);
    eta = (1 - pow(2.0 / rows, 1 - theta)) / (1 - (1 + pow(2, -theta)) / zeta);
}

static uint64_t zipf(double chance) {
    double share = chance * zeta;
    if (share < 1) return 0;
    if (share < 1 + pow(2, -theta)) return 1;
    uint64_t rank = rows * pow(eta * chance - eta + 1, 1 / (1 - theta));
    return rank < rows ? rank : rows - 1;
}

static uint64_t drawn_key(uint64_t *random) {
    uint64_t number = drawn(random, 1ull << 31);
    if (!strcmp(keys, "uniform")) return number % rows;
    uint64_t rank = zipf(number / (double)(1ull << 31));
    if (!strcmp(keys, "zipfian")) return rank;
    uint64_t end = next_key - 100 < rows ? rows : next_key - 100;
    return end - 1 < rank ? 0 : end - 1 - rank;
}

static void read_one(uint64_t key) {
    if (!get(key)) fail("a row is missing");
}

static void *mixing(void *seed) {
    uint64_t kinds = (uint64_t)(uintptr_t)seed * 7919 + 12345;
    uint64_t random = ((uint64_t)(uintptr_t)seed + 100) * 7919 + 12345;
    uint64_t count = 0;
    double time = now();
    while (time < until) {
        int kind = (int)drawn(&kinds, 100);
        if (kind < reads) {
            read_one(drawn_key(&random));
        } else if (kind < reads + updates) {
            put(drawn_key(&random), 0);
        } else if (kind < reads + updates + inserts) {
            put(__sync_fetch_and_add(&next_key, 1), 0);
        } else if (kind < reads + updates + inserts + scans) {
            uint64_t most = 1 + drawn(&random, 1ull << 31) % 100;
            if (!scan_some(drawn_key(&random), most)) fail("a scan found none");
        } else {
            uint64_t key = drawn_key(&random);
            read_one(key);
            put(key, 0);
        }
        double after = now();
        record(after - time);
        time = after;
        count++;
    }
    __sync_fetch_and_add(&done, count);
    return NULL;
}

static void together(void *(*work)(void *), int threads) {
    pthread_t thread[THREADS_MAX];
    for (intptr_t i = 0; i < threads; i++) pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < threads; i++) pthread_join(thread[i], NULL);
}

static void for_seconds(void *(*work)(void *), const char *seconds) {
    done = 0;
    begin();
    until = now() + number(seconds);
    together(work, (int)number("threads"));
}

static void load(void) {
    rows = number("rows");
    batch_rows = 1000;
    next_key = 0;
    together(batching, 1);
    flush(FLUSH_MEMTABLE);
}

static void task_put(void) {
    is_awaited = (int)number("awaited");
    open_database();
    for_seconds(putting, "warm");
    for_seconds(putting, "seconds");
    tell(done);
    close_database();
}

static void task_batch(void) {
    open_database();
    batch_rows = (int)number("batch");
    uint64_t all = number("rows");
    rows = number("warmrows");
    together(batching, (int)number("threads"));
    uint64_t warm = rows;
    next_key = warm;
    rows = warm + all;
    begin();
    together(batching, (int)number("threads"));
    tell(all);
    close_database();
}

static void task_get(void) {
    is_missing = (int)number("missing");
    open_database();
    load();
    for_seconds(getting, "warm");
    for_seconds(getting, "seconds");
    tell(done);
    close_database();
}

static void task_transact(void) {
    open_database();
    load();
    for_seconds(transacting, "warm");
    for_seconds(transacting, "seconds");
    tell(done);
    close_database();
}

static int share(const char *name) { return parameter(name) ? (int)number(name) : 0; }

static void task_mix(void) {
    open_database();
    load();
    reads = share("reads");
    updates = share("updates");
    inserts = share("inserts");
    scans = share("scans");
    keys = parameter("keys");
    next_key = rows;
    prepare_zipf();
    for_seconds(mixing, "warm");
    for_seconds(mixing, "seconds");
    tell(done);
    close_database();
}

static void task_shut(void) {
    long warm = number("warm"), times = number("times");
    batch_rows = 1000;
    rows = number("rows");
    for (long i = 0; i < warm + times; i++) {
        if (i == warm) begin();
        open_database();
        next_key = 0;
        together(batching, 1);
        double before = now();
        close_database();
        record(now() - before);
    }
    tell(times);
}

static void task_scan(void) {
    open_database();
    load();
    scan_all();
    begin();
    uint64_t count = scan_all();
    tell(count);
    if (count != rows) fail("a scan missed rows");
    close_database();
}

// Rows that are in the log alone, left as a crash would leave them.
static void task_log(void) {
    open_database();
    rows = number("rows");
    batch_rows = 1000;
    begin();
    together(batching, 1);
    flush(FLUSH_LOG);
    tell(rows);
    _exit(0);
}

static void task_recover(void) {
    begin();
    open_database();
    tell(number("rows"));
    if (!get(0) || !get(number("rows") - 1)) fail("rows are missing");
    close_database();
}

static void task_open(void) {
    open_database();
    put(0, 1);
    close_database();
    long times = number("times");
    double seconds = 0;
    begin();
    for (long i = 0; i < times; i++) {
        double before = now();
        open_database();
        double took = now() - before;
        record(took);
        seconds += took;
        close_database();
    }
    tell(times);
}

static void task_close(void) {
    open_database();
    batch_rows = 1000;
    rows = number("rows");
    together(batching, 1);
    begin();
    close_database();
    tell(1);
}

int main(int count, char **argument) {
    if (count < 4) fail("usage: slatedb LIBRARY DIRECTORY TASK name=value...");
    library = dlopen(argument[1], RTLD_NOW);
    if (!library) fail(dlerror());
    directory = argument[2];
    words = count - 4;
    word = argument + 4;
    value_bytes = parameter("value") ? (int)number("value") : 100;
    if (VALUE_BYTES_MAX < value_bytes) fail("a value so long");
    for (int i = 0; i < VALUE_BYTES_MAX; i++) value[i] = 33 + (i * 7919) % 90;
    static const struct {
        const char *name;
        void (*run)(void);
    } tasks[] = {{"put", task_put},   {"batch", task_batch},     {"get", task_get},   {"scan", task_scan},
                 {"log", task_log},   {"recover", task_recover}, {"open", task_open}, {"close", task_close},
                 {"transact", task_transact}, {"mix", task_mix}, {"shut", task_shut}};
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (strcmp(tasks[i].name, argument[3])) continue;
        tasks[i].run();
        return 0;
    }
    fail("no such task");
}
