package dev.holdfast.bench.growth;

import dev.holdfast.bench.plot.Svg;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A run as a picture: what an operation takes above, how often bytes are written and how many runs
/// there are below, by rows.
final class GrowthPlot {
    private static final int LEFT = 80;
    private static final int WIDTH = 900;
    private static final int TOP = 60;
    private static final int HEIGHT = 300;
    private static final int BELOW_TOP = 410;
    private static final int BELOW_HEIGHT = 120;

    private final List<Step> steps;

    GrowthPlot(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    String svg(String machine) {
        var svg = new Svg(LEFT + WIDTH + 40, 590);
        svg.words(LEFT, 20, "An operation as a database grows, to %,d rows".formatted(rows()));
        svg.words(LEFT, 38, machine);
        double nanos =
                Math.max(
                        most(Step::getNanos),
                        Math.max(most(Step::putNanos), most(Step::processorNanos)));
        frame(svg, TOP, HEIGHT, "%,.0f ns".formatted(nanos));
        line(svg, Step::putNanos, new Frame(TOP, HEIGHT, nanos), "#d62728");
        line(svg, Step::processorNanos, new Frame(TOP, HEIGHT, nanos), "#ff7f0e");
        line(svg, Step::getNanos, new Frame(TOP, HEIGHT, nanos), "#1f77b4");
        line(svg, step -> step.gets().processorNanos(), new Frame(TOP, HEIGHT, nanos), "#17becf");
        svg.words(
                LEFT,
                TOP + HEIGHT + 18,
                "red: put, orange: its processor time; blue: get, cyan: its processor time");
        double below = Math.max(most(Step::times), most(Step::runs));
        frame(svg, BELOW_TOP, BELOW_HEIGHT, String.format(Locale.ROOT, "%.1f", below));
        line(svg, Step::times, new Frame(BELOW_TOP, BELOW_HEIGHT, below), "#2ca02c");
        line(svg, Step::runs, new Frame(BELOW_TOP, BELOW_HEIGHT, below), "#9467bd");
        svg.words(
                LEFT,
                BELOW_TOP + BELOW_HEIGHT + 18,
                "green: how often each byte was written, violet: sorted runs");
        return svg.end();
    }

    // Where values from 0 to `most` stand.
    private record Frame(int top, int height, double most) {
        double y(double value) {
            return top + height * (1 - (0 < most ? value / most : 0));
        }
    }

    private static void frame(Svg svg, int top, int height, String most) {
        svg.line(LEFT, top, LEFT + WIDTH, top, "#ddd");
        svg.line(LEFT, top + height, LEFT + WIDTH, top + height, "#ddd");
        svg.words(8, top + 4, most);
        svg.words(8, top + height + 4, "0");
    }

    private void line(Svg svg, ToDoubleFunction<Step> value, Frame frame, String colour) {
        double[] x = new double[steps.size()];
        double[] y = new double[steps.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = LEFT + WIDTH * (steps.get(i).rows() / (double) rows());
            y[i] = frame.y(value.applyAsDouble(steps.get(i)));
        }
        svg.path(x, y, colour);
    }

    private long rows() {
        return steps.getLast().rows();
    }

    private double most(ToDoubleFunction<Step> value) {
        return steps.stream().mapToDouble(value).max().orElse(0);
    }
}
