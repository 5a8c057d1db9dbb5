import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;

/** Settings that follow the configuration: {@code java Reload.java http://127.0.0.1:7070 app/}. */
final class Reload {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String prefix;
    private final AtomicReference<Properties> settings = new AtomicReference<>(new Properties());

    private Reload(String url, String prefix) {
        this.url = url;
        this.prefix = prefix;
    }

    public static void main(String[] arguments) throws InterruptedException {
        var reload = new Reload(arguments[0], arguments[1]);
        while (true) {
            try {
                reload.awaitChangeAfter(reload.load());
            } catch (java.io.IOException away) {
                System.err.println("going on with what is known: " + away);
                Thread.sleep(1_000);
            }
        }
    }

    /** @return the revision of what was loaded */
    private long load() throws java.io.IOException, InterruptedException {
        var answer = get("/v1/config?as=properties&prefix=" + prefix, "*/*");
        var loaded = new Properties();
        loaded.load(new StringReader(answer.body()));
        if (!loaded.equals(settings.getAndSet(loaded))) {
            System.out.println(loaded);
        }
        return Long.parseLong(answer.headers().firstValue("Parley-Revision").orElseThrow());
    }

    private void awaitChangeAfter(long revision) throws java.io.IOException, InterruptedException {
        get("/v1/config-watch?wait=30s&prefix=" + prefix + "&from=" + (revision + 1), "application/json");
    }

    private HttpResponse<String> get(String path, String accept) throws java.io.IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path)).header("Accept", accept).build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new java.io.IOException("status " + answer.statusCode());
        }
        return answer;
    }
}
