package dev.parley.consistency.report;

import java.util.Locale;

/** Writes scalable drawings, element by element. Text is escaped; nothing else is checked. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    Svg(int width, int height, String title) {
        out.append(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\" xmlns=\"http://www.w3.org/2000/svg\">",
                width, height, escape(title)));
    }

    Svg rectangle(double x, double y, double width, double height, String style, String tooltip) {
        out.append(format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"><title>%s</title></rect>",
                x, y, Math.max(width, 1), height, style, escape(tooltip)));
        return this;
    }

    Svg dot(double x, double y, String style) {
        out.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\" class=\"%s\"/>", x, y, style));
        return this;
    }

    Svg line(double x1, double y1, double x2, double y2, String style) {
        out.append(
                format("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", x1, y1, x2, y2, style));
        return this;
    }

    Svg path(double[] x, double[] y, String style) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < x.length; i++) {
            points.append(format("%.1f,%.1f ", x[i], y[i]));
        }
        out.append("<polyline points=\"")
                .append(points)
                .append("\" class=\"")
                .append(style)
                .append("\"/>");
        return this;
    }

    /** {@code anchor} is start, middle or end. */
    Svg text(double x, double y, String anchor, String style, String text) {
        out.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>",
                x, y, anchor, style, escape(text)));
        return this;
    }

    String end() {
        return out.append("</svg>").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
