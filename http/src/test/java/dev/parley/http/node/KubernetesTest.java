package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Holds the manifest and the settings together. */
final class KubernetesTest {
    private static final Path MANIFEST = Path.of("..", "docker", "kubernetes.yaml");
    private static final Pattern VALUE = Pattern.compile("- name: (PARLEY_[A-Z_]+)\\n\\s+value: (?:>-\\n\\s+)?(\\S+)");
    private static final Pattern NAME = Pattern.compile("- name: (PARLEY_[A-Z_]+)\\n");

    /** What the first pod is given, with the fields that Kubernetes fills in. */
    private static Map<String, String> environment(int pod) throws Exception {
        String manifest = Files.readString(MANIFEST);
        Map<String, String> environment = new HashMap<>();
        VALUE.matcher(manifest)
                .results()
                .forEach(match ->
                        environment.put(match.group(1), match.group(2).replace("$(POD_NAME)", "parley-" + pod)));
        environment.put("PARLEY_NODE_ID", "parley-" + pod);
        environment.put("PARLEY_CLUSTER_SECRET", "a-secret-of-sixteen");
        List<String> named = NAME.matcher(manifest)
                .results()
                .map(match -> match.group(1))
                .sorted()
                .toList();
        assertEquals(environment.keySet().stream().sorted().toList(), named, "each variable is filled in here");
        environment.put("PARLEY_ZOOKEEPER_EMBEDDED_SERVER_ID", Integer.toString(pod + 1));
        environment.put("PARLEY_HTTP_ADDRESS", "0.0.0.0"); // of the image
        environment.put("PARLEY_HTTP_PORT", "7070");
        return environment;
    }

    @Test
    @DisplayName(
            "A14, A15: the environment of each pod makes a node with its own id and address that knows the others by name")
    void theEnvironmentOfEachPodIsAConfiguration() throws Exception {
        for (int pod = 0; pod < 3; pod++) {
            NodeConfig config = NodeConfig.from(new ConfigSources().environment(environment(pod)));
            assertEquals("parley-" + pod, config.nodeId().orElseThrow());
            String host = "parley-" + pod + ".parley-members";
            assertEquals("http://" + host + ":7070", config.http().advertiseUrl());
            var embedded = (NodeConfig.ZooKeeper.Embedded) config.zookeeper();
            assertEquals(config.http().advertiseUrl(), embedded.self().url());
            assertEquals(3, embedded.peers().size());
        }
    }

    @Test
    void theProbesAskWhatTheNodeAnswers() throws Exception {
        String manifest = Files.readString(MANIFEST);
        assertTrue(manifest.contains("livenessProbe:\n            httpGet: {path: /livez, port: http}"));
        assertTrue(manifest.contains("readinessProbe:\n            httpGet: {path: /readyz, port: http}"));
    }

    @Test
    @DisplayName("A15: a name service that fails takes no address from a node that had it")
    void theLastAnswerOfTheNameServiceIsKept() {
        NameService.keepLastAnswers();
        assertEquals("604800", Security.getProperty("networkaddress.cache.stale.ttl"));
    }
}
