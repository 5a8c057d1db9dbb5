package dev.parley.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.kv.Bytes;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The configuration in the forms that applications read. */
final class ConfigForms {
    private ConfigForms() {}

    /** A branch of the tree: each child is another branch or the JSON of an entry. */
    private record Branch(Map<String, Object> children) {
        static Branch of(Map<String, Bytes> entries) {
            Branch root = new Branch(new TreeMap<>());
            entries.forEach((path, json) -> {
                Branch branch = root;
                String[] names = path.split("/", -1);
                for (int i = 0; i < names.length - 1; i++) {
                    branch = (Branch) branch.children.computeIfAbsent(names[i], name -> new Branch(new TreeMap<>()));
                }
                branch.children.put(names[names.length - 1], json);
            });
            return root;
        }
    }

    static JsonWriter tree(Map<String, Bytes> entries) {
        JsonWriter json = new JsonWriter(1 << 10);
        write(json, Branch.of(entries));
        return json;
    }

    private static void write(JsonWriter json, Branch branch) {
        json.object();
        branch.children().forEach((name, child) -> {
            json.member(name);
            switch (child) {
                case Branch below -> write(json, below);
                case Bytes value -> json.json(value.unsafeArray());
                default -> throw new IllegalStateException("neither a branch nor an entry");
            }
        });
        json.end();
    }

    /** Branches as blocks, values as JSON, which is YAML. */
    static String yaml(Map<String, Bytes> entries) {
        StringBuilder text = new StringBuilder();
        yaml(text, Branch.of(entries), "");
        return entries.isEmpty() ? "{}\n" : text.toString();
    }

    private static void yaml(StringBuilder text, Branch branch, String indent) {
        branch.children().forEach((name, child) -> {
            text.append(indent).append(quoted(name)).append(':');
            switch (child) {
                case Branch below -> {
                    text.append('\n');
                    yaml(text, below, indent + "  ");
                }
                case Bytes value -> text.append(' ').append(oneLine(value)).append('\n');
                default -> throw new IllegalStateException("neither a branch nor an entry");
            }
        });
    }

    private static String quoted(String text) {
        return new String(new JsonWriter(32).text(text).toBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String oneLine(Bytes json) {
        return JsonObject.any(json).toString();
    }

    /** As {@link java.util.Properties} reads them; slashes become dots. */
    static String properties(Map<String, Bytes> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach((path, json) -> {
            escape(text, path.replace('/', '.'), true);
            text.append('=');
            escape(text, plain(json), false);
            text.append('\n');
        });
        return text.toString();
    }

    private static void escape(StringBuilder text, String part, boolean key) {
        for (int i = 0; i < part.length(); i++) {
            char unit = part.charAt(i);
            switch (unit) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\\' -> text.append("\\\\");
                default -> {
                    boolean special = key && " :=#!".indexOf(unit) >= 0 || !key && i == 0 && unit == ' ';
                    text.append(special ? "\\" : "").append(unit);
                }
            }
        }
    }

    /** As a shell reads them: what is no letter or digit becomes an underscore, values in single quotes. */
    static String env(Map<String, Bytes> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach((path, json) -> {
            String name = path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            text.append(Character.isDigit(name.charAt(0)) ? "_" : "").append(name);
            text.append("='").append(plain(json).replace("'", "'\\''")).append("'\n");
        });
        return text.toString();
    }

    /** A string without its quotes, everything else as JSON. */
    private static String plain(Bytes json) {
        JsonNode node = JsonObject.any(json);
        return node.isTextual() ? node.textValue() : node.toString();
    }
}
