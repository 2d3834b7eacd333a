package dev.holdfast.bench.plot;

import java.util.Locale;

/// A picture that is drawn from lines, dots and words. Not thread-safe.
public final class Svg {
    private final StringBuilder text = new StringBuilder();

    public Svg(int width, int height) {
        add(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d'"
                        + " font-family='sans-serif' font-size='12'>%n",
                width, height);
        add("<rect width='100%%' height='100%%' fill='white'/>%n");
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    /// Words that begin at a point.
    public Svg words(double x, double y, String words) {
        add("<text x='%.1f' y='%.1f'>%s</text>%n", x, y, escaped(words));
        return this;
    }

    /// A line between two points.
    public Svg line(double x1, double y1, double x2, double y2, String colour) {
        add(
                "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'/>%n",
                x1, y1, x2, y2, colour);
        return this;
    }

    /// A dot at a point.
    public Svg dot(double x, double y, String colour) {
        add("<circle cx='%.1f' cy='%.1f' r='4' fill='%s' fill-opacity='0.6'/>%n", x, y, colour);
        return this;
    }

    /// Points joined in their order.
    public Svg path(double[] x, double[] y, String colour) {
        add("<polyline fill='none' stroke='%s' points='", colour);
        for (int i = 0; i < x.length; i++) add("%.1f,%.1f ", x[i], y[i]);
        add("'/>%n");
        return this;
    }

    /// Words as they may stand in a page.
    public static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// The whole picture. Nothing is drawn afterwards.
    public String end() {
        return text.append("</svg>\n").toString();
    }
}
