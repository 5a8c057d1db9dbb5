package dev.parley.coordination.process.host;

import java.nio.file.Path;

/**
 * Where and how much is kept of what processes say.
 *
 * @param directory one directory in it for each process
 * @param fileBytes a file of this size is set aside and a new one begun; positive
 * @param files how many are kept of each process; 1 or more
 */
public record OutputConfig(Path directory, long fileBytes, int files) {
    public OutputConfig {
        if (fileBytes < 1 || files < 1) {
            throw new IllegalArgumentException("at least one file of one byte");
        }
    }
}
