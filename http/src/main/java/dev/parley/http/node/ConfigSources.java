package dev.parley.http.node;

import dev.parley.http.Nearest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects what YAML, environment and flags say about each {@link Setting}; what is added later wins. Refuses unknown
 * keys and values of the wrong shape where they are added, so that the message can say where they came from.
 */
public final class ConfigSources {
    private static final String PREFIX = "PARLEY_";

    /** Read by the command line, the launcher or the tests; no settings of a node. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of("PARLEY_ENDPOINT", "PARLEY_JAVA_OPTIONS", "PARLEY_JAVA_HOME");

    private record Given(List<String> values, String source) {}

    private final Map<Setting, Given> given = new EnumMap<>(Setting.class);

    /** Adds what a YAML file says. */
    public ConfigSources file(Path file) {
        CommandSetting.gathered(YamlSettings.read(file)).forEach((key, values) -> add(key, values, file.toString()));
        return this;
    }

    /** Adds every variable that starts with {@code PARLEY_}; an unknown one is refused. */
    public ConfigSources environment(Map<String, String> variables) {
        variables.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !OTHER_VARIABLES.contains(name))
                .sorted()
                .forEach(name -> addVariable(name, variables.get(name)));
        return this;
    }

    private void addVariable(String name, String value) {
        Setting setting = Arrays.stream(Setting.values())
                .filter(known -> known.environmentVariable().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("unknown environment variable " + name
                        + Nearest.hint(
                                name,
                                Arrays.stream(Setting.values())
                                        .map(Setting::environmentVariable)
                                        .toList())));
        add(setting.key(), split(setting, value), "environment variable " + name);
    }

    /** Adds one flag of the command line, under the setting's key. */
    public ConfigSources flag(String key, String value) {
        add(key, Setting.named(key).map(setting -> split(setting, value)).orElse(List.of(value)), "command line");
        return this;
    }

    private static List<String> split(Setting setting, String value) {
        if (!setting.kind().isList()) {
            return List.of(value);
        }
        return Arrays.stream(value.split(setting.kind() == Kind.COMMANDS ? "\n" : ","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private void add(String key, List<String> values, String source) {
        Setting setting = Setting.named(key)
                .orElseThrow(() -> new ConfigException(
                        "unknown key " + key + " in " + source + Nearest.hint(key, Setting.keys())));
        if (!setting.kind().isList() && values.size() != 1) {
            throw new ConfigException(key + " must be " + setting.kind().rule + ", was a list (" + source + ")");
        }
        for (String value : values) {
            if (!setting.kind().admits(value)) {
                String shown = setting.kind() == Kind.SECRET ? value.length() + " characters" : value;
                throw new ConfigException(
                        key + " must be " + setting.kind().rule + ", was " + shown + " (" + source + ")");
            }
        }
        given.put(setting, new Given(values, source));
    }

    boolean isGiven(Setting setting) {
        return given.containsKey(setting);
    }

    /** What was given or the default; empty when there is neither. */
    Optional<String> text(Setting setting) {
        if (isGiven(setting)) {
            return Optional.of(given.get(setting).values().getFirst());
        }
        return setting.fallback().isEmpty() ? Optional.empty() : Optional.of(setting.fallback());
    }

    List<String> list(Setting setting) {
        return isGiven(setting) ? given.get(setting).values() : List.of();
    }

    /** Where the value comes from, for messages. */
    String source(Setting setting) {
        return isGiven(setting) ? given.get(setting).source() : "default";
    }

    ConfigException broken(Setting setting, String rule) {
        return new ConfigException(setting.key() + " must be " + rule + ", was "
                + text(setting).orElse("not given") + " (" + source(setting) + ")");
    }
}
