package dev.holdfast.engine.owner;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names of what owners leave, under the root of one database. Immutable.
public final class OwnerNames {
    private static final String FOLDER = "holdfast/";
    private static final int DIGITS = 20;
    private static final Pattern NAME =
            Pattern.compile(
                    "(owner|drained)-(\\d{20})\\.json|(unshipped)-(\\d{20})-(\\d{20})\\.json");

    private final String prefix;

    /// @param root the path of the database, empty for the store's root
    public OwnerNames(String root) {
        prefix = (root.isEmpty() ? "" : root + "/") + FOLDER;
    }

    /// What an object says.
    enum Kind {
        /// Who won the epoch.
        OWNER,
        /// That nothing of the epoch is on a local disk alone.
        DRAINED,
        /// What was on the local disk alone, at one moment.
        UNSHIPPED
    }

    /// What a name stands for.
    ///
    /// @param number rises among those of one kind and epoch
    record Slip(Kind kind, long epoch, long number) {}

    /// What all names begin with.
    public String prefix() {
        return prefix;
    }

    String owner(long epoch) {
        return name(Kind.OWNER, digits(epoch));
    }

    String drained(long epoch) {
        return name(Kind.DRAINED, digits(epoch));
    }

    String unshipped(long epoch, long number) {
        return name(Kind.UNSHIPPED, digits(epoch) + "-" + digits(number));
    }

    private String name(Kind kind, String numbers) {
        return prefix + kind.name().toLowerCase(Locale.ROOT) + "-" + numbers + ".json";
    }

    private static String digits(long number) {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number);
    }

    /// What the object of that name is; null if it is none of ours.
    @Nullable Slip slip(String name) {
        if (!name.startsWith(prefix)) return null;
        Matcher form = NAME.matcher(name).region(prefix.length(), name.length());
        if (!form.matches()) return null;
        try {
            return form.group(1) == null
                    ? new Slip(
                            Kind.UNSHIPPED,
                            Long.parseLong(form.group(4)),
                            Long.parseLong(form.group(5)))
                    : new Slip(
                            Kind.valueOf(form.group(1).toUpperCase(Locale.ROOT)),
                            Long.parseLong(form.group(2)),
                            0);
        } catch (NumberFormatException foreign) {
            return null;
        }
    }
}
