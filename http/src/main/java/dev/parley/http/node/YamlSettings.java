package dev.parley.http.node;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a YAML file into dotted keys; what they mean is not its business. A key that appears twice is refused. */
final class YamlSettings {
    private YamlSettings() {}

    static Map<String, List<String>> read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (NoSuchFileException missing) {
            throw new ConfigException("there is no configuration file " + file);
        } catch (IOException unreadable) {
            throw new ConfigException("the configuration file " + file + " cannot be read: " + unreadable.getMessage());
        }
    }

    static Map<String, List<String>> parse(String yaml, String source) {
        var mapper = YAMLMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        Map<String, List<String>> found = new LinkedHashMap<>();
        try {
            JsonNode root = mapper.readTree(yaml);
            if (!root.isMissingNode() && !root.isNull()) {
                flatten("", root, source, found);
            }
            return found;
        } catch (JsonProcessingException malformed) {
            throw new ConfigException(source + " is not well-formed YAML: "
                    + malformed.getOriginalMessage().lines().findFirst().orElse("")
                    + (malformed.getLocation() == null
                            ? ""
                            : " (line " + malformed.getLocation().getLineNr() + ")"));
        }
    }

    private static void flatten(String key, JsonNode node, String source, Map<String, List<String>> found) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            key.isEmpty() ? field.getKey() : key + "." + field.getKey(),
                            field.getValue(),
                            source,
                            found));
            return;
        }
        if (key.isEmpty()) {
            throw new ConfigException(source + " must be a mapping of keys to values");
        }
        List<String> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> values.add(scalar(key, item, source)));
        } else if (!node.isNull()) {
            values.add(scalar(key, node, source));
        } else {
            throw new ConfigException(key + " has no value (" + source + "); leave the key out for its default");
        }
        if (found.putIfAbsent(key, values) != null) {
            throw new ConfigException(key + " is given twice in " + source);
        }
    }

    private static String scalar(String key, JsonNode node, String source) {
        if (!node.isValueNode() || node.isNull()) {
            throw new ConfigException(
                    key + " must be a single value or a list of them, was " + node + " (" + source + ")");
        }
        return node.asText();
    }
}
