package dev.parley.coordination.config;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.AllowSchemaLoader;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.ConfigChange;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Schemas;
import dev.parley.store.kv.Schemas.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether values of the configuration may be: by the JSON Schemas (draft 2020-12 unless they say otherwise) attached to
 * prefixes of their paths, and by the validators installed. Schemas refer to nothing outside themselves. Any thread.
 */
public final class ConfigJudge {
    private static final int COMPILED_MAX = 1_000;
    private static final int FAULTS_MAX = 100;

    private final List<ConfigValidator> validators;
    private final JsonSchemaFactory schemas;
    private final Map<Bytes, JsonSchema> compiled = new ConcurrentHashMap<>();

    /** @param rule that is broken, as a sentence */
    public record Fault(Key path, String rule) {}

    private ConfigJudge(List<ConfigValidator> validators) {
        this.validators = validators;
        this.schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders ->
                        loaders.add(new AllowSchemaLoader(iri -> iri.toString().startsWith("classpath:draft")))));
    }

    /** With the validators that {@link ServiceLoader} finds. */
    public static ConfigJudge withInstalledValidators() {
        List<ConfigValidator> found = new ArrayList<>();
        ServiceLoader.load(ConfigValidator.class).forEach(found::add);
        return with(found);
    }

    public static ConfigJudge with(List<ConfigValidator> validators) {
        return new ConfigJudge(List.copyOf(validators));
    }

    /** What is wrong with the changes, by the schemas as of a revision; at most a hundred faults. */
    public List<Fault> faults(MapView view, long revision, List<ConfigChange> changes) {
        List<Schema> attached = Schemas.all(view, revision);
        List<Fault> faults = new ArrayList<>();
        for (ConfigChange change : changes) {
            change.json().ifPresent(json -> {
                attached.stream()
                        .filter(schema ->
                                change.path().bytes().startsWith(schema.prefix().bytes()))
                        .forEach(schema -> faults.addAll(faultsBy(schema.json(), change.path(), json)));
                validators.forEach(validator -> reason(validator, change.path(), json)
                        .ifPresent(rule -> faults.add(new Fault(change.path(), rule))));
            });
        }
        return List.copyOf(faults.subList(0, Math.min(faults.size(), FAULTS_MAX)));
    }

    private static Optional<String> reason(ConfigValidator validator, Key path, Bytes json) {
        try {
            return validator.reasonAgainst(path.toString(), json.utf8());
        } catch (RuntimeException broken) {
            return Optional.of("Validator " + validator.getClass().getName() + " failed: " + broken + ".");
        }
    }

    /** What is wrong with a value by one schema. */
    public List<Fault> faultsBy(Bytes schema, Key path, Bytes json) {
        try {
            if (compiled.size() >= COMPILED_MAX) {
                compiled.clear();
            }
            return compiled
                    .computeIfAbsent(schema, text -> schemas.getSchema(text.utf8()))
                    .validate(json.utf8(), InputFormat.JSON)
                    .stream()
                    .map(ValidationMessage::getMessage)
                    .map(rule -> new Fault(path, rule))
                    .toList();
        } catch (RuntimeException unusable) {
            return List.of(new Fault(path, "The schema cannot be used: " + unusable.getMessage() + "."));
        }
    }

    /** Why this is no schema; empty when it is one. */
    public Optional<String> malformation(Bytes schema) {
        try {
            Optional<String> broken =
                    schemas
                            .getSchema(SchemaLocation.of(SchemaId.V202012))
                            .validate(schema.utf8(), InputFormat.JSON)
                            .stream()
                            .map(ValidationMessage::getMessage)
                            .findFirst();
            if (broken.isEmpty()) {
                schemas.getSchema(schema.utf8()).initializeValidators();
            }
            return broken;
        } catch (RuntimeException unusable) {
            return Optional.of(String.valueOf(unusable.getMessage()));
        }
    }
}
