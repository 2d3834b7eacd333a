package dev.holdfast.system.history;

import dev.holdfast.system.process.RespClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Four accounts as one object: a string, a hash's field, a sorted set's member, another string.
///
/// Money moves in MULTI or in a script, and all balances are read in MULTI: whoever sees half of a
/// move, or the two of different moments, has an answer that no order of moves explains.
record BankAccounts() implements Family {
    static final int ACCOUNTS = 4;
    private static final String SCRIPT =
            "return {redis.call('DECRBY', KEYS[1], ARGV[1]),"
                    + " redis.call('INCRBY', KEYS[2], ARGV[1])}";

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public List<String> look() {
        return List.of("BALANCES");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        String amount = Integer.toString(chance.nextInt(1, 50));
        int from = chance.nextInt(ACCOUNTS);
        int to = (from + chance.nextInt(1, ACCOUNTS)) % ACCOUNTS;
        return switch (chance.nextInt(4)) {
            case 0 -> List.of("SCRIPT", "0", "3", amount);
            case 1, 2 -> List.of("MOVE", Integer.toString(from), Integer.toString(to), amount);
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        var balances = new ArrayList<>(state);
        while (balances.size() < ACCOUNTS) balances.add("0");
        if (request.equals(look())) return new Outcome(state, balances.toString());
        int from = Integer.parseInt(request.get(1));
        int to = Integer.parseInt(request.get(2));
        long amount = Long.parseLong(request.get(3));
        balances.set(from, Long.toString(Long.parseLong(balances.get(from)) - amount));
        balances.set(to, Long.toString(Long.parseLong(balances.get(to)) + amount));
        return new Outcome(balances, List.of(balances.get(from), balances.get(to)).toString());
    }

    @Override
    public String text(List<String> request, @Nullable Object reply) {
        if (!(reply instanceof List<?> balances)) return String.valueOf(reply);
        return balances.stream().map(each -> each == null ? "0" : each).toList().toString();
    }

    /// Carries `request` out, in MULTI if that takes several commands.
    @Nullable Object call(RespClient connection, String key, List<String> request)
            throws IOException {
        List<List<String>> commands = commands(key, request);
        boolean isOne = commands.size() == 1;
        if (!isOne) connection.send(List.of("MULTI"));
        for (List<String> command : commands) connection.send(command);
        if (!isOne) connection.send(List.of("EXEC"));
        connection.flush();
        if (!isOne) for (int i = 0; i <= commands.size(); i++) connection.read();
        return connection.read();
    }

    private List<List<String>> commands(String key, List<String> request) {
        if (request.equals(look())) {
            List<List<String>> reads = new ArrayList<>();
            for (int account = 0; account < ACCOUNTS; account++) reads.add(read(key, account));
            return reads;
        }
        String amount = request.get(3);
        if (request.getFirst().equals("SCRIPT"))
            return List.of(List.of("EVAL", SCRIPT, "2", key + ":0", key + ":3", amount));
        return List.of(
                change(key, Integer.parseInt(request.get(1)), "-" + amount),
                change(key, Integer.parseInt(request.get(2)), amount));
    }

    private static List<String> read(String key, int account) {
        String name = key + ":" + account;
        return switch (account) {
            case 1 -> List.of("HGET", name, "balance");
            case 2 -> List.of("ZSCORE", name, "balance");
            default -> List.of("GET", name);
        };
    }

    private static List<String> change(String key, int account, String amount) {
        String name = key + ":" + account;
        return switch (account) {
            case 1 -> List.of("HINCRBY", name, "balance", amount);
            case 2 -> List.of("ZINCRBY", name, amount, "balance");
            default -> List.of("INCRBY", name, amount);
        };
    }
}
