package dev.holdfast.bench.stall;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A run as a picture: the latencies of each second above, on a logarithmic scale, and how many
/// tables and runs there were below.
final class LatencyPlot {
    private static final int WIDTH = 1200;
    private static final int LEFT = 70;
    private static final int TOP = 40;
    private static final int HEIGHT = 380;
    private static final int BELOW_TOP = 460;
    private static final int BELOW_HEIGHT = 100;
    private static final double DECADES = 6; // 10 microseconds to 10 seconds

    private final StallReport report;

    LatencyPlot(StallReport report) {
        this.report = report;
    }

    String svg() {
        var svg = new StringBuilder();
        svg.append(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='600' "
                                .formatted(WIDTH + LEFT + 30)
                        + "font-family='sans-serif' font-size='12'>\n");
        svg.append("<rect width='100%' height='100%' fill='white'/>\n");
        text(svg, LEFT, 20, "Latency of writes since they were due: " + report.line());
        List<String> names = List.of("10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s");
        for (int decade = 0; decade < names.size(); decade++) {
            double y = TOP + HEIGHT * (1 - decade / DECADES);
            line(svg, y, decade == 5 ? "red" : "#ddd");
            text(svg, 10, y + 4, names.get(decade));
        }
        path(svg, "#d62728", second -> latencyAt(second.maxMicros()));
        path(svg, "#ff7f0e", second -> latencyAt(second.p99Micros()));
        path(svg, "#1f77b4", second -> latencyAt(second.medianMicros()));
        text(svg, LEFT, TOP + HEIGHT + 25, "red: longest, orange: 99 %, blue: median");
        belowPart(svg);
        return svg.append("</svg>\n").toString();
    }

    private void belowPart(StringBuilder svg) {
        int most = Math.max(1, Math.max(most(Second::l0), most(Second::runs)));
        line(svg, BELOW_TOP, "#ddd");
        line(svg, BELOW_TOP + BELOW_HEIGHT, "#ddd");
        text(svg, 10, BELOW_TOP + 4, Integer.toString(most));
        text(svg, 10, BELOW_TOP + BELOW_HEIGHT + 4, "0");
        path(svg, "#2ca02c", second -> countAt(second.l0(), most));
        path(svg, "#9467bd", second -> countAt(second.runs(), most));
        String what = "green: tables in L0, violet: sorted runs; %d seconds";
        text(svg, LEFT, BELOW_TOP + BELOW_HEIGHT + 25, what.formatted(report.seconds().size()));
    }

    private int most(ToDoubleFunction<Second> count) {
        return (int) report.seconds().stream().mapToDouble(count).max().orElse(0);
    }

    private static double latencyAt(long micros) {
        double decade = Math.clamp(Math.log10(Math.max(1, micros)) - 1, 0, DECADES);
        return TOP + HEIGHT * (1 - decade / DECADES);
    }

    private static double countAt(int count, int most) {
        return BELOW_TOP + BELOW_HEIGHT * (1 - count / (double) most);
    }

    private void path(StringBuilder svg, String colour, ToDoubleFunction<Second> y) {
        svg.append("<polyline fill='none' stroke='").append(colour).append("' points='");
        int count = Math.max(1, report.seconds().size());
        for (Second second : report.seconds()) {
            double x = LEFT + (double) WIDTH * second.number() / count;
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y.applyAsDouble(second)));
        }
        svg.append("'/>\n");
    }

    private static void line(StringBuilder svg, double y, String colour) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='%s'/>%n",
                        LEFT,
                        LEFT + WIDTH,
                        y,
                        y,
                        colour));
    }

    private static void text(StringBuilder svg, double x, double y, String words) {
        svg.append(String.format(Locale.ROOT, "<text x='%.0f' y='%.0f'>", x, y));
        svg.append(words).append("</text>\n");
    }
}
