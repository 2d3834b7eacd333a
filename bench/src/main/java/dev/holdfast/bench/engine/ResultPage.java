package dev.holdfast.bench.engine;

import dev.holdfast.bench.peer.Figures;
import dev.holdfast.bench.plot.Svg;
import java.util.List;
import java.util.Locale;

/// Results as a page: of each measure what was printed, and a picture in which each round of each
/// peer is a dot, so that the spread shows beside the medians.
final class ResultPage {
    private static final int LEFT = 90;
    private static final int WIDTH = 420;
    private static final int ROW = 24;
    private static final int TOP = 28;
    private static final List<Metric> SHOWN = List.of(Metric.RATE, Metric.PROCESSOR);

    private ResultPage() {}

    /// A measure with the lines that were printed of it.
    record Part(Result result, List<String> lines) {}

    static String html(String machine, List<Part> parts) {
        var page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>")
                .append("<title>Holdfast beside its peers</title></head>\n")
                .append(
                        "<body style='font-family:sans-serif'>\n"
                                + "<h1>Holdfast beside its peers</h1>\n")
                .append(
                        "<p>%s. A dot is a round, a stroke a median.</p>\n"
                                .formatted(Svg.escaped(machine)));
        for (Part part : parts) {
            page.append("<h2>%s</h2>\n".formatted(Svg.escaped(part.result.title())));
            for (Metric metric : SHOWN) page.append(picture(part.result, metric));
            page.append("<pre>%s</pre>\n".formatted(Svg.escaped(String.join("\n", part.lines))));
        }
        return page.append("</body></html>\n").toString();
    }

    private static String picture(Result result, Metric metric) {
        List<String> peers = List.copyOf(result.figures().keySet());
        double most = 0;
        for (String peer : peers)
            for (Figures each : result.of(peer)) most = Math.max(most, metric.of(each));
        int bottom = TOP + ROW * peers.size();
        var svg = new Svg(LEFT + WIDTH + 110, bottom + 10);
        svg.words(LEFT, 16, metric.unit());
        for (int i = 0; i < peers.size(); i++)
            row(svg, result, new Row(peers.get(i), metric, TOP + ROW * i + ROW / 2.0, most));
        return svg.end();
    }

    // Where the dots of one peer stand.
    private record Row(String peer, Metric metric, double y, double most) {
        double x(double value) {
            return LEFT + (0 < most ? WIDTH * value / most : 0);
        }
    }

    private static void row(Svg svg, Result result, Row row) {
        String colour = row.peer.equals(EngineBench.OURS) ? "#d62728" : "#1f77b4";
        svg.words(8, row.y + 4, row.peer);
        svg.line(LEFT, row.y, LEFT + WIDTH, row.y, "#ddd");
        for (Figures each : result.of(row.peer)) svg.dot(row.x(row.metric.of(each)), row.y, colour);
        double median = result.median(row.peer, row.metric);
        svg.line(row.x(median), row.y - 8, row.x(median), row.y + 8, "black");
        svg.words(LEFT + WIDTH + 12, row.y + 4, String.format(Locale.ROOT, "%,.2f", median));
    }
}
