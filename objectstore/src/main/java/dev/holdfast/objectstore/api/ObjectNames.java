package dev.holdfast.objectstore.api;

/// The rules for names of objects, the same in every store.
///
/// They are narrow on purpose: what is allowed means the same thing in a bucket, in a URL and in a
/// directory, so no name can escape from where it belongs.
public final class ObjectNames {
    /// The longest name, in characters.
    public static final int LENGTH_MAX = 1024;

    /// The longest segment of a name, in characters.
    public static final int SEGMENT_LENGTH_MAX = 200;

    private static final String PUNCTUATION = "-_.=+:@";

    private ObjectNames() {}

    /// Returns `name`, or throws [ObjectStoreException.Invalid] if no object can have it.
    public static String check(String name) {
        String fault = faultIn(name, 1);
        if (fault != null) throw invalid("object name", fault, name);
        return name;
    }

    /// Returns `prefix`, or throws [ObjectStoreException.Invalid] if no name can begin with it. The
    /// empty prefix begins every name; the last segment may be empty or unfinished.
    public static String checkPrefix(String prefix) {
        if (prefix.isEmpty()) return prefix;
        // An unfinished segment such as `..` can still become `..x`: complete it before looking.
        String fault = faultIn(prefix + "x", 2);
        if (fault != null) throw invalid("prefix", fault, prefix);
        return prefix;
    }

    /// True if an object can have this name.
    public static boolean isValid(String name) {
        return faultIn(name, 1) == null;
    }

    private static @org.jspecify.annotations.Nullable String faultIn(String name, int slack) {
        if (LENGTH_MAX + slack - 1 < name.length()) return "too long";
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i < name.length() && name.charAt(i) != '/') {
                if (!isAllowed(name.charAt(i))) return "character not allowed";
                continue;
            }
            if (i == start) return "empty segment";
            if (SEGMENT_LENGTH_MAX + slack - 1 < i - start) return "segment too long";
            if (isDots(name, start, i)) return "segment of dots";
            start = i + 1;
        }
        return null;
    }

    private static boolean isAllowed(char c) {
        return ('a' <= c && c <= 'z')
                || ('A' <= c && c <= 'Z')
                || ('0' <= c && c <= '9')
                || 0 <= PUNCTUATION.indexOf(c);
    }

    private static boolean isDots(String name, int start, int end) {
        if (end - start > 2 || name.charAt(start) != '.') return false;
        return end - start == 1 || name.charAt(start + 1) == '.';
    }

    private static ObjectStoreException.Invalid invalid(String what, String fault, String text) {
        String shown = text.length() <= 80 ? text : text.substring(0, 80) + "...";
        return new ObjectStoreException.Invalid(
                what + " refused: " + fault + ". name=`" + printable(shown) + "`", null);
    }

    private static String printable(String text) {
        return text.chars()
                .mapToObj(c -> c < ' ' || 126 < c ? "?" : String.valueOf((char) c))
                .collect(java.util.stream.Collectors.joining());
    }
}
