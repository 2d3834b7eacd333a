package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Every key of a run: registers, lists, and accounts of a bank.
record Keys(List<String> registers, List<String> lists, List<String> accounts) {
    private static final String REGISTER = "r";
    private static final String LIST = "l";
    private static final String ACCOUNT = "b";

    static Keys of(RunSettings settings) {
        return new Keys(
                named(REGISTER, settings.registers()),
                named(LIST, settings.lists()),
                named(ACCOUNT, settings.accounts()));
    }

    private static List<String> named(String kind, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) names.add("%s%02d".formatted(kind, i));
        return List.copyOf(names);
    }

    static boolean isRegister(String key) {
        return key.startsWith(REGISTER);
    }

    static boolean isAccount(String key) {
        return key.startsWith(ACCOUNT);
    }

    List<String> all() {
        List<String> all = new ArrayList<>(accounts);
        all.addAll(lists);
        all.addAll(registers);
        return all;
    }

    static Bytes bytes(String key) {
        return Bytes.utf8(key);
    }
}
