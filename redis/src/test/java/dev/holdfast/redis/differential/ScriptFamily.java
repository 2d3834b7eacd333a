package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Scripts that call commands of other families.
final class ScriptFamily implements Family {
    private static final String[] SCRIPTS = {
        "return redis.call(unpack(ARGV))",
        "return redis.pcall(unpack(ARGV))",
        "redis.setresp(3) return redis.call(unpack(ARGV))",
        "local r = redis.pcall(unpack(ARGV)) if type(r) == 'table' then return #r end return r",
        "local ok, e = pcall(redis.call, unpack(ARGV)) return {tostring(ok), type(e)}",
        "redis.call('set', KEYS[1], 'before') redis.call(unpack(ARGV)) return 'done'",
        "local r = redis.call(unpack(ARGV)) redis.call('select', 1) redis.call('incr', 'n')"
                + " return cjson.encode({r})",
        "return {redis.call('get', KEYS[1]), redis.pcall(unpack(ARGV)), {1, nil, 3}, true, 3.99}",
        "#!lua flags=no-writes\nreturn redis.call(unpack(ARGV))",
        "#!lua\nreturn redis.call(unpack(ARGV))",
        "return cmsgpack.pack(redis.pcall(unpack(ARGV)))",
        "return type(redis.pcall(unpack(ARGV)))",
    };

    private final InnerDraw inner;
    private final Company company;

    /// Whom it is told with.
    enum Company {
        /// Nobody: calls may be gathered in transactions.
        ALONE,
        /// Other families.
        OTHERS
    }

    ScriptFamily(List<Family> families, Company company) {
        this.inner = new InnerDraw(families);
        this.company = company;
    }

    @Override
    public Map<String, Rule> rules() {
        return Map.of();
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        switch (dice.below(company == Company.ALONE ? 20 : 17)) {
            case 0 -> words.addAll(List.of("SCRIPT", dice.oneOf("FLUSH", "LOAD", "EXISTS")));
            case 1 -> words.addAll(List.of("SCRIPT", "LOAD", dice.oneOf(SCRIPTS)));
            case 17 -> words.addAll(List.of("MULTI"));
            case 18 -> words.addAll(List.of("EXEC"));
            case 19 -> words.addAll(List.of(dice.oneOf("WATCH", "EXEC"), "l1"));
            case 6 -> words.addAll(List.of("EVAL", "return 1 +", "0"));
            case 7 ->
                    words.addAll(
                            List.of(
                                    "EVALSHA",
                                    "0123456789012345678901234567890123456789",
                                    dice.oneOf("0", "-1", "x", "7")));
            default -> {
                words.add(dice.oneOf("EVAL", "EVAL", "EVAL", "EVAL_RO", "eval"));
                words.addAll(List.of(dice.oneOf(SCRIPTS), "1", dice.key("l")));
                words.addAll(inner.next(dice));
            }
        }
        return words;
    }
}
