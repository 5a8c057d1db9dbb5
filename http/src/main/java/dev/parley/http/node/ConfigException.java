package dev.parley.http.node;

/** The configuration breaks a rule. The message is one sentence for a person: key, rule and value. Nothing happened. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }
}
