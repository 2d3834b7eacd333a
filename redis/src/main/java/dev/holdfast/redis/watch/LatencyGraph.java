package dev.holdfast.redis.watch;

import dev.holdfast.redis.watch.LatencyMonitor.Sample;
import dev.holdfast.redis.watch.LatencyMonitor.Series;
import java.util.List;

/// The samples of one event drawn in characters: a column a sample, its age below it.
final class LatencyGraph {
    private static final int COLUMNS = 80;
    private static final int ROWS = 4;
    private static final String TOPS = "_o#";

    private LatencyGraph() {}

    static String of(String event, Series series, long nowSeconds) {
        var page = new StringBuilder();
        page.append(event + " - high " + series.highest() + " ms, low " + series.lowest());
        page.append(" ms (all time high " + series.worstMillis() + " ms)\n");
        page.append("-".repeat(COLUMNS)).append('\n');
        List<Sample> shown = series.samples();
        shown = shown.subList(Math.max(0, shown.size() - COLUMNS), shown.size());
        for (int row = ROWS - 1; 0 <= row; row--) {
            for (Sample sample : shown) page.append(cell(sample, series, row));
            page.append('\n');
        }
        page.append('\n');
        List<String> ages =
                shown.stream().map(sample -> age(nowSeconds - sample.seconds())).toList();
        int deepest = ages.stream().mapToInt(String::length).max().orElse(0);
        for (int i = 0; i < deepest; i++) {
            for (String age : ages) page.append(i < age.length() ? age.charAt(i) : ' ');
            page.append('\n');
        }
        return page.toString();
    }

    // The lowest sample is one step high, the highest takes all of them.
    private static char cell(Sample sample, Series series, int row) {
        long range = series.highest() - series.lowest();
        long steps = (long) ROWS * TOPS.length() - 1;
        long height = range == 0 ? 0 : (sample.millis() - series.lowest()) * steps / range;
        long within = height - (long) row * TOPS.length();
        if (within < 0) return ' ';
        return TOPS.charAt((int) Math.min(within, TOPS.length() - 1));
    }

    private static String age(long seconds) {
        if (seconds < 60) return seconds + "s";
        if (seconds < 3_600) return seconds / 60 + "m";
        return seconds < 86_400 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
    }
}
