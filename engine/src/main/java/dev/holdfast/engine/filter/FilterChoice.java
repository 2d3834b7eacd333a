package dev.holdfast.engine.filter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.BloomPolicy;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.format.filter.CompositeFilter;
import dev.holdfast.format.filter.CompositeFilter.Part;
import dev.holdfast.format.filter.FilterEncoder;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which filters new tables get, and which are known on reading. Immutable.
public final class FilterChoice {
    private static final int POLICIES_MAX = 8;
    private static final int NAME_BYTES_MAX = 255;
    private static final String OURS = "_bf";
    private static final BloomPolicy WHOLE_KEYS = FilterPolicy.bloom(10);

    /// The filter over whole keys that the settings ask for, as large as they say.
    public static final FilterChoice USUAL = new FilterChoice(null);

    private final @Nullable List<FilterPolicy> policies; // null: as the settings say
    private final Map<Bytes, FilterPolicy> byName = new HashMap<>();

    private FilterChoice(@Nullable List<FilterPolicy> policies) {
        this.policies = policies;
        byName.put(CompositeFilter.WHOLE_KEYS, WHOLE_KEYS);
        if (policies != null)
            for (FilterPolicy each : policies) byName.put(Bytes.utf8(each.name()), each);
    }

    /// Those and no others. Throws `Invalid` if they cannot stand beside each other in a table.
    public static FilterChoice of(List<FilterPolicy> policies) {
        if (POLICIES_MAX < policies.size())
            throw new Invalid("too many filters. max=`" + POLICIES_MAX + "`", null);
        var names = new HashSet<String>();
        for (FilterPolicy each : policies) {
            String name = each.name();
            int length = Bytes.utf8(name).length();
            if (length == 0 || NAME_BYTES_MAX < length)
                throw new Invalid("not a filter's name: `" + name + "`", null);
            if (!names.add(name))
                throw new Invalid("two filters of one name: `" + name + "`", null);
            if (name.startsWith(OURS) && !(each instanceof BloomPolicy))
                throw new Invalid("that name is a Bloom filter's: `" + name + "`", null);
        }
        return new FilterChoice(List.copyOf(policies));
    }

    /// True if nothing but the settings decides.
    public boolean isUsual() {
        return policies == null;
    }

    /// True if there are filters that only tables of the newer profile can have.
    public boolean needsNewerProfile() {
        if (policies == null || policies.isEmpty()) return false;
        return 1 < policies.size()
                || !(policies.getFirst() instanceof BloomPolicy bloom && bloom.isOverKeysAlone());
    }

    /// True if a filter may deny `prefix`.
    public boolean tellsOf(Bytes prefix) {
        if (policies == null) return false;
        for (FilterPolicy each : policies) {
            boolean tells = !(each instanceof BloomPolicy bloom) || bloom.tellsOf(prefix);
            if (tells) return true;
        }
        return false;
    }

    /// What makes the filters of one table; only where not [#isUsual].
    public List<CompositeFilter.Maker> makers() {
        if (policies == null) return List.of();
        return policies.stream()
                .map(each ->
                        new CompositeFilter.Maker(
                                Bytes.utf8(each.name()), new Making(each.maker())))
                .toList();
    }

    /// Those of `parts` that are known. Throws [FormatException] if one of them is damaged.
    public TableFilters read(List<Part> parts) {
        var known = new ArrayList<FilterPolicy.Filter>();
        for (Part part : parts) {
            FilterPolicy policy = byName.get(part.name());
            if (policy == null) continue;
            // Its own array: what is not known must not stay in memory with it.
            Bytes payload = parts.size() == 1 ? part.payload() : copyOf(part.payload());
            try {
                known.add(policy.read(payload));
            } catch (IllegalArgumentException wrong) {
                throw new FormatException(
                        "filter not readable. name=`" + policy.name() + "`: " + wrong.getMessage());
            }
        }
        return new TableFilters(known);
    }

    private static Bytes copyOf(Bytes bytes) {
        return Bytes.copyOf(bytes.array(), bytes.offset(), bytes.length());
    }

    private record Making(FilterPolicy.Maker maker) implements FilterEncoder {
        @Override
        public void add(byte[] key, int offset, int length) {
            maker.add(Bytes.wrap(key, offset, length));
        }

        @Override
        public long sizeBytes() {
            return maker.sizeBytes();
        }

        @Override
        public Bytes finish() {
            return maker.finish();
        }
    }
}
