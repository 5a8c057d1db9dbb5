package dev.parley.http.cli;

import java.util.Optional;

/** The version of this build, from the manifest of the jar. */
final class Version {
    private Version() {}

    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
