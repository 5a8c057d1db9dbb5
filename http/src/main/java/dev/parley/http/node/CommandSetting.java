package dev.parley.http.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.coordination.process.command.Command;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command as one text: {@code name=["program","argument"]}. In a file it is an entry of a mapping. */
final class CommandSetting {
    private static final String IN_FILE = Setting.PROCESSES_COMMANDS.key() + ".";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CommandSetting() {}

    /** The entries of the mapping as one list of commands; everything else as it is. */
    static Map<String, List<String>> gathered(Map<String, List<String>> settings) {
        Map<String, List<String>> gathered = new LinkedHashMap<>();
        settings.forEach((key, values) -> {
            if (key.startsWith(IN_FILE)) {
                gathered.computeIfAbsent(Setting.PROCESSES_COMMANDS.key(), none -> new ArrayList<>())
                        .add(key.substring(IN_FILE.length()) + "=" + JSON.valueToTree(values));
            } else {
                gathered.put(key, values);
            }
        });
        return gathered;
    }

    static Optional<Command> parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0 || !Kind.NAME.admits(text.substring(0, equals))) {
            return Optional.empty();
        }
        try {
            JsonNode list = JSON.readTree(text.substring(equals + 1));
            List<String> line = new ArrayList<>();
            for (JsonNode each : list) {
                if (!each.isTextual()) {
                    return Optional.empty();
                }
                line.add(each.textValue());
            }
            return list.isArray() && Command.malformation(line).isEmpty()
                    ? Optional.of(new Command(text.substring(0, equals), line))
                    : Optional.empty();
        } catch (JsonProcessingException malformed) {
            return Optional.empty();
        }
    }

    static List<Command> all(List<String> texts) {
        return texts.stream()
                .map(CommandSetting::parse)
                .flatMap(Optional::stream)
                .toList();
    }
}
