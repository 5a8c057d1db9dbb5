package dev.parley.coordination.process;

import java.util.Optional;
import java.util.Set;

/** The kinds this node can run. Any thread; does not change while the node runs. */
public interface Kinds {
    Optional<Kind> named(String name);

    /** In order of the alphabet. */
    Set<String> names();
}
