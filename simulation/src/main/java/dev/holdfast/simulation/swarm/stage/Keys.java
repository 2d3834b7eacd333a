package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Every key of a run: registers, lists, accounts of a bank, what is merged into, and what expires.
public record Keys(
        List<String> registers,
        List<String> lists,
        List<String> accounts,
        List<String> merged,
        List<String> fleeting) {
    private static final String REGISTER = "r";
    private static final String LIST = "l";
    private static final String ACCOUNT = "b";
    private static final String MERGED = "m";
    private static final String FLEETING = "e";

    public static Keys of(RunSettings settings) {
        return new Keys(
                named(REGISTER, settings.registers()),
                named(LIST, settings.lists()),
                named(ACCOUNT, settings.accounts()),
                named(MERGED, settings.features().merged()),
                named(FLEETING, settings.features().fleeting()));
    }

    private static List<String> named(String kind, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) names.add("%s%02d".formatted(kind, i));
        return List.copyOf(names);
    }

    public static boolean isRegister(String key) {
        return key.startsWith(REGISTER);
    }

    public static boolean isAccount(String key) {
        return key.startsWith(ACCOUNT);
    }

    public static boolean isFleeting(String key) {
        return key.startsWith(FLEETING);
    }

    public List<String> all() {
        List<String> all = new ArrayList<>(accounts);
        all.addAll(lists);
        all.addAll(registers);
        all.addAll(merged);
        all.addAll(fleeting);
        return all;
    }

    public static Bytes bytes(String key) {
        return Bytes.utf8(key);
    }
}
