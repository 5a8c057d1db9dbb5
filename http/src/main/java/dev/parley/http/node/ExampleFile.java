package dev.parley.http.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code node.example.yaml}: every key with its unit, its default and what it does, made from {@link Setting}. */
public final class ExampleFile {
    private static final int WIDTH = 110;

    private ExampleFile() {}

    /** The whole file. Commented out throughout, so that a copy of it changes nothing. */
    public static String text() {
        var out = new StringBuilder("""
                # Configuration of a Parley node: parley node --config node.yaml
                # Every key with its default. A flag (--http.port 7071) wins over an environment variable
                # (PARLEY_HTTP_PORT=7071), which wins over this file. An unknown key is refused.
                """);
        List<String> open = List.of();
        for (Setting setting : Setting.values()) {
            List<String> parts = Arrays.asList(setting.key().split("\\."));
            List<String> section = parts.subList(0, parts.size() - 1);
            String indent = "  ".repeat(section.size());
            out.append('\n');
            openSections(out, open, section);
            open = section;
            wrap(setting.doc(), WIDTH - indent.length())
                    .forEach(
                            line -> out.append(indent).append("# ").append(line).append('\n'));
            out.append(indent)
                    .append("# ")
                    .append(capital(setting.unit()))
                    .append(", ")
                    .append(setting.environmentVariable())
                    .append('\n');
            out.append(indent).append('#').append(parts.getLast()).append(':');
            out.append(setting.fallback().isEmpty() ? "" : " " + setting.fallback())
                    .append('\n');
        }
        return out.toString();
    }

    private static void openSections(StringBuilder out, List<String> open, List<String> section) {
        for (int depth = 0; depth < section.size(); depth++) {
            if (!section.subList(0, depth + 1).equals(open.subList(0, Math.min(depth + 1, open.size())))) {
                out.append("  ".repeat(depth))
                        .append('#')
                        .append(section.get(depth))
                        .append(":\n");
            }
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
