package dev.parley.coordination.process.kind;

import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.Kinds;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kinds of a node: the ones it was built with, and what {@link ServiceLoader} finds. */
public final class InstalledKinds implements Kinds {
    private static final String NAME_RULE = "[a-z][a-z0-9-]{0,63}";

    private final SortedMap<String, Kind> byName = new TreeMap<>();

    private InstalledKinds(List<Kind> kinds) {
        kinds.forEach(this::add);
    }

    private void add(Kind kind) {
        if (!kind.name().matches(NAME_RULE)) {
            throw new IllegalStateException("the name of a kind is " + NAME_RULE + ", was " + kind.name());
        }
        if (byName.putIfAbsent(kind.name(), kind) != null) {
            throw new IllegalStateException("there are two kinds named " + kind.name());
        }
    }

    /**
     * @param more made by the node, because they need its configuration
     * @throws IllegalStateException when two have one name, or one a malformed name
     */
    public static InstalledKinds with(List<Kind> more) {
        InstalledKinds kinds = new InstalledKinds(more);
        ServiceLoader.load(ProcessFactory.class).forEach(factory -> kinds.add(new JavaKind(factory)));
        return kinds;
    }

    /** A kind of a factory that needs more than a constructor without parameters. */
    public static Kind of(ProcessFactory factory) {
        return new JavaKind(factory);
    }

    @Override
    public Optional<Kind> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }
}
