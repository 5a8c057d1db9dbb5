package dev.parley.consistency.report;

import dev.parley.consistency.history.Operation;
import java.util.List;

/** Latency and rate over time, with the faults behind them. */
final class Plots {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 230;
    private static final int LEFT = 60;
    private static final int RIGHT = 14;
    private static final int TOP = 26;
    private static final int BOTTOM = 28;
    private static final int DOTS_MAX = 8_000;

    private final List<Operation> operations;
    private final List<Band> bands;
    private final double seconds;

    Plots(List<Operation> operations, List<Band> bands, double seconds) {
        this.operations = operations;
        this.bands = bands;
        this.seconds = Math.max(seconds, 0.001);
    }

    String latency() {
        Svg svg = frame("Latency of every operation, in milliseconds, over time");
        double floor = 0.1;
        double ceiling = 10_000;
        for (double ms = 1; ms <= ceiling; ms *= 10) {
            double y = y(Math.log10(ms / floor) / Math.log10(ceiling / floor));
            svg.line(LEFT, y, WIDTH - RIGHT, y, "grid")
                    .text(LEFT - 6, y + 4, "end", "tick", ms < 1000 ? (int) ms + " ms" : (int) (ms / 1000) + " s");
        }
        int every = Math.max(1, operations.size() / DOTS_MAX);
        for (int i = 0; i < operations.size(); i += every) {
            Operation operation = operations.get(i);
            if (operation.invokedNanos() >= 0 && operation.completedNanos() >= 0) {
                double ms = Math.clamp((operation.completedNanos() - operation.invokedNanos()) / 1e6, floor, ceiling);
                svg.dot(
                        x(operation.invokedNanos() / 1e9),
                        y(Math.log10(ms / floor) / Math.log10(ceiling / floor)),
                        "dot " + style(operation));
            }
        }
        return svg.end();
    }

    String rate() {
        int buckets = (int) Math.clamp(Math.ceil(seconds), 1, 200);
        double width = seconds / buckets;
        double[][] counts = new double[3][buckets];
        double most = 1;
        for (Operation operation : operations) {
            if (operation.completedNanos() >= 0) {
                int bucket = (int) Math.clamp(operation.completedNanos() / 1e9 / width, 0, buckets - 1);
                double count = counts[operation.outcome().ordinal()][bucket] += 1 / width;
                most = Math.max(most, count);
            }
        }
        Svg svg = frame("Operations completed in each second, by outcome");
        for (int i = 0; i <= 4; i++) {
            double y = y(i / 4.0);
            svg.line(LEFT, y, WIDTH - RIGHT, y, "grid")
                    .text(LEFT - 6, y + 4, "end", "tick", Long.toString(Math.round(most * i / 4)) + "/s");
        }
        String[] styles = {"ok", "fail", "info"};
        for (int outcome = 0; outcome < 3; outcome++) {
            double[] x = new double[buckets];
            double[] y = new double[buckets];
            for (int b = 0; b < buckets; b++) {
                x[b] = x((b + 0.5) * width);
                y[b] = y(counts[outcome][b] / most);
            }
            svg.path(x, y, "curve " + styles[outcome]);
        }
        return svg.end();
    }

    private Svg frame(String title) {
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(LEFT, 15, "start", "title", title);
        double labelFree = 0;
        for (Band band : bands) {
            double from = x(band.beginSeconds());
            double to = x(band.endSeconds());
            svg.rectangle(from, TOP, to - from, HEIGHT - TOP - BOTTOM, band.style(), band.describe());
            if (from >= labelFree) {
                svg.text(from + 2, TOP + 11, "start", "label", band.fault());
                labelFree = from + 7.0 * band.fault().length();
            }
        }
        int ticks = 10;
        for (int i = 0; i <= ticks; i++) {
            double at = seconds * i / ticks;
            svg.text(
                    x(at),
                    HEIGHT - 8,
                    "middle",
                    "tick",
                    seconds < 20 ? String.format(java.util.Locale.ROOT, "%.1f s", at) : Math.round(at) + " s");
        }
        return svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis");
    }

    private double x(double at) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.clamp(at / seconds, 0, 1);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.clamp(share, 0, 1);
    }

    static String style(Operation operation) {
        return switch (operation.outcome()) {
            case OK -> "ok";
            case FAILED -> "fail";
            case UNKNOWN -> "info";
        };
    }
}
