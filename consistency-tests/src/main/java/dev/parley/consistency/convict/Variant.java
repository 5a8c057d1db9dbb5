package dev.parley.consistency.convict;

/**
 * A build that is wrong on purpose, and the trial that must convict it and nothing else.
 *
 * @param name of the patch in consistency-tests/variants
 * @param wrong what it does, for a person
 * @param quick among those that CI convicts each time
 */
public record Variant(String name, String wrong, boolean quick, Trial trial) {
    /** The name of the run. */
    public String run() {
        return trial.name();
    }

    /** Holds the trial once. */
    public dev.parley.consistency.run.Run.Outcome tryOn(Site site) throws InterruptedException {
        return trial.hold(site);
    }
}
