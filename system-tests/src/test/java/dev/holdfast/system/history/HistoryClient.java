package dev.holdfast.system.history;

import dev.holdfast.system.process.RespClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A client that asks this and that, notes when it asked and what it was answered, and goes on
/// after a connection is lost, until the server's life is over.
final class HistoryClient implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration HASTE = Duration.ofMillis(100);
    private static final int DEPTH_MAX = 5;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Life life;
    private final Era era;
    private final SplittableRandom chance;
    private final boolean isHasty;
    private final ListTransactions transactions;

    /// One client; every fourth is hasty: it gives up what is not answered in a moment.
    HistoryClient(Life life, int number, long seed) {
        this.life = life;
        era = life.era();
        chance = new SplittableRandom(seed);
        isHasty = number % 4 == 0;
        transactions = new ListTransactions(era, chance);
    }

    @Override
    public void run() {
        while (!life.isOver()) {
            try (var connection = connect()) {
                while (!life.isOver()) life.count(act(connection));
            } catch (SocketTimeoutException impatient) {
                life.countGivenUp();
            } catch (IOException lost) {
                // the server was killed, or is not there yet
            }
            do LockSupport.parkNanos(PAUSE_NANOS);
            while (life.isPaused() && !life.isOver());
        }
    }

    private RespClient connect() throws IOException {
        return new RespClient(life.server().port(), isHasty ? HASTE : PATIENCE);
    }

    private int act(RespClient connection) throws IOException {
        return switch (chance.nextInt(20)) {
            case 0, 1 -> transactions.append(connection);
            case 2 -> transactions.appendIfUnchanged(connection);
            case 3 -> setIfUnchanged(connection);
            case 4, 5 -> useBank(connection);
            default -> pipeline(connection, isHasty ? 1 : 1 + chance.nextInt(DEPTH_MAX));
        };
    }

    private int pipeline(RespClient connection, int depth) throws IOException {
        List<Era.Subject> subjects = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            Era.Subject subject = era.any(chance);
            List<String> request = subject.family().request(chance, era.fresh());
            subjects.add(subject);
            asked.add(subject.ask(request));
            connection.send(subject.family().command(subject.key(), request));
        }
        connection.flush();
        for (int i = 0; i < depth; i++) {
            Object reply = connection.read();
            List<String> request = asked.get(i).request();
            asked.get(i).answered(subjects.get(i).family().text(request, reply), System.nanoTime());
        }
        return depth;
    }

    // WATCH, GET, MULTI, SET, EXEC: the value is set only if it still is what was read.
    private int setIfUnchanged(RespClient connection) throws IOException {
        Era.Subject subject = era.anyString(chance);
        connection.call("WATCH", subject.key());
        Asked looked = subject.ask(subject.family().look());
        String found = String.valueOf(connection.call("GET", subject.key()));
        looked.answered(found, System.nanoTime());
        String next = era.fresh();
        connection.call("MULTI");
        connection.call("SET", subject.key(), next);
        Asked asked = subject.ask(List.of(Strings.CAS, found, next));
        Object replies = connection.call("EXEC");
        String reply = replies instanceof List<?> one ? one.getFirst() + "" : replies + "";
        asked.answered(reply, System.nanoTime());
        return 2;
    }

    private int useBank(RespClient connection) throws IOException {
        Era.Subject subject = era.anyBank(chance);
        var bank = (BankAccounts) subject.family();
        List<String> request = bank.request(chance, "");
        Asked asked = subject.ask(request);
        Object reply = bank.call(connection, subject.key(), request);
        asked.answered(bank.text(request, reply), System.nanoTime());
        return 1;
    }
}
