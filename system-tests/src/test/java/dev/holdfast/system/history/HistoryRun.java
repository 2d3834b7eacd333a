package dev.holdfast.system.history;

import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/// One server after another on one database, each under the load of many clients, paused at times,
/// and killed at an instant that nobody chose; and the verdict on all that the clients were told.
final class HistoryRun {
    private static final int CLIENTS = 12;
    private static final int KEYS_OF_A_FAMILY = 6;
    private static final int LIVES_OF_AN_ERA = 3;
    private static final Duration JOIN_MAX = Duration.ofSeconds(90);

    private final Path data;
    private final String[] options;
    private final SplittableRandom chance;
    private final Verdict verdict = new Verdict();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private Era era = new Era(0, KEYS_OF_A_FAMILY);
    private long answered;
    private long givenUp;
    private int lives;
    private int eras;
    private int pauses;
    private int killedInRecovery;

    HistoryRun(Path data, long seed, String... options) {
        this.data = data;
        this.options = options;
        chance = new SplittableRandom(seed);
    }

    /// A life of about so many answers, or of `most` if that is less, then a SIGKILL.
    void liveAndDie(long answers, Duration most) throws IOException {
        killRecovery();
        try (ServerProcess server = ServerProcess.start(data, options)) {
            if (lives % LIVES_OF_AN_ERA == 0 && 0 < lives) turn(server);
            var life = new Life(server, era);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) clients.add(start(life, i));
            disturb(life, chance.nextLong(answers / 2, answers * 3 / 2), most);
            life.end();
            for (Thread client : clients) join(client);
            era.isKilled();
            answered += life.answered();
            givenUp += life.givenUp();
            lives++;
        }
    }

    /// One more start, a look at everything, and the verdict.
    Verdict end() throws IOException {
        try (ServerProcess server = ServerProcess.start(data, options)) {
            turn(server);
        }
        broken.forEach(each -> verdict.add("a client ended: " + each));
        return verdict;
    }

    private Thread start(Life life, int number) {
        return Thread.ofVirtual()
                .name("client-" + number)
                .uncaughtExceptionHandler((_, thrown) -> broken.add(thrown))
                .start(new HistoryClient(life, number, chance.nextLong()));
    }

    private static void join(Thread client) {
        try {
            if (!client.join(JOIN_MAX))
                throw new AssertionError("a client hangs: " + client.getName());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void disturb(Life life, long answers, Duration most) {
        long giveUp = System.nanoTime() + most.toNanos();
        while (life.answered() < answers && System.nanoTime() - giveUp < 0) {
            await(life.server(), 5, 100);
            if (chance.nextInt(6) != 0) continue;
            life.pause();
            pauses++;
            await(life.server(), 20, 300);
            if (chance.nextInt(12) == 0) return; // and it dies as it is
            life.resume();
        }
    }

    private void await(ServerProcess server, int least, int most) {
        if (server.awaitExit(Duration.ofMillis(chance.nextInt(least, most))))
            broken.add(new AssertionError("the server ended by itself"));
    }

    // Every third time one that is killed while it recovers.
    private void killRecovery() throws IOException {
        if (chance.nextInt(3) != 0) return;
        try (ServerProcess server = ServerProcess.launch(data, options)) {
            server.awaitExit(Duration.ofMillis(chance.nextInt(1_500)));
            server.kill();
            killedInRecovery++;
        }
    }

    /// Looks at all of an era, judges it, and begins the next.
    private void turn(ServerProcess server) throws IOException {
        try (RespClient connection = server.connect()) {
            for (Era.Subject subject : era.all()) look(connection, subject);
            new ListTransactions(era, chance).readAll(connection);
        }
        verdict.add(era.judge());
        era = new Era(++eras, KEYS_OF_A_FAMILY);
    }

    private static void look(RespClient connection, Era.Subject subject) throws IOException {
        Family family = subject.family();
        Asked asked = subject.ask(family.look());
        Object reply =
                family instanceof BankAccounts bank
                        ? bank.call(connection, subject.key(), bank.look())
                        : connection.call(
                                family.command(subject.key(), family.look())
                                        .toArray(String[]::new));
        asked.answered(family.text(family.look(), reply), System.nanoTime());
    }

    /// Requests and transactions that were answered.
    long answered() {
        return answered;
    }

    /// True as long as there is nothing wrong with what was judged so far.
    boolean isFine() {
        return verdict.findings().isEmpty() && broken.isEmpty();
    }

    int kills() {
        return lives + killedInRecovery;
    }

    int pauses() {
        return pauses;
    }

    @Override
    public String toString() {
        return String.format(
                "%s; %d kills (%d in recovery), %d pauses, %d answers given up",
                verdict, kills(), killedInRecovery, pauses, givenUp);
    }
}
