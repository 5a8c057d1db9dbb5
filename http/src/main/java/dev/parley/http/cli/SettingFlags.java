package dev.parley.http.cli;

import dev.parley.http.node.ConfigSources;
import dev.parley.http.node.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/** A flag for every setting of a node, named as the key is; some have a short name too. */
final class SettingFlags {
    private static final Map<Setting, String> SHORT = new EnumMap<>(Map.of(
            Setting.HTTP_PORT, "--port",
            Setting.HTTP_ADDRESS, "--address",
            Setting.DATA_DIRECTORY, "--data",
            Setting.NODE_ID, "--id",
            Setting.CLUSTER_SECRET_FILE, "--secret-file",
            Setting.LOGGING_FORMAT, "--log-format",
            Setting.LOGGING_FILE, "--log-file"));

    private final Map<Setting, String> given = new EnumMap<>(Setting.class);
    private Optional<Path> file = Optional.empty();

    /** Adds the flags to a command; {@code defaults} are shown in place of the usual ones. */
    void addTo(CommandSpec spec, Map<Setting, String> defaults) {
        spec.addOption(OptionSpec.builder("--config")
                .paramLabel("<file>")
                .type(String.class)
                .setter(set(value -> file = Optional.of(Path.of(value))))
                .description("A YAML file of settings; node.example.yaml has all of them.")
                .build());
        for (Setting setting : Setting.values()) {
            List<String> names = new ArrayList<>();
            names.add("--" + setting.key());
            if (SHORT.containsKey(setting)) {
                names.addFirst(SHORT.get(setting));
            }
            String fallback = defaults.getOrDefault(setting, setting.fallback());
            spec.addOption(OptionSpec.builder(names.toArray(String[]::new))
                    .paramLabel("<" + setting.unit().replaceFirst("^an? ", "").replace(' ', '-') + ">")
                    .type(String.class)
                    .setter(set(value -> given.put(setting, value)))
                    .description(setting.doc().replace("%", "%%") + (fallback.isEmpty() ? "" : " Default: " + fallback))
                    .build());
        }
    }

    private static ISetter set(java.util.function.Consumer<String> setter) {
        return new ISetter() {
            @Override
            public <T> T set(T value) {
                if (value != null) {
                    setter.accept(value.toString());
                }
                return value;
            }
        };
    }

    boolean isGiven(Setting setting) {
        return given.containsKey(setting);
    }

    /** Defaults of the command, then file, environment and flags. */
    ConfigSources sources(Map<Setting, String> defaults, Map<String, String> environment) {
        var sources = new ConfigSources();
        defaults.forEach((setting, value) -> sources.flag(setting.key(), value));
        file.ifPresent(sources::file);
        sources.environment(environment);
        given.forEach((setting, value) -> sources.flag(setting.key(), value));
        return sources;
    }
}
