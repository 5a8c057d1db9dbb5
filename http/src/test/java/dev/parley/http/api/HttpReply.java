package dev.parley.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An answer as it came over the wire. */
record HttpReply(int status, List<String> headers, byte[] bytes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static HttpReply read(InputStream in, boolean head) throws IOException {
        String[] statusLine = line(in).split(" ", 3);
        int status = Integer.parseInt(statusLine[1]);
        List<String> headers = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            headers.add(line);
        }
        HttpReply reply = new HttpReply(status, headers, new byte[0]);
        if (status == 100) {
            return read(in, head);
        }
        boolean bodiless = head || status == 101 || status == 204 || status == 304;
        return bodiless ? reply : new HttpReply(status, headers, reply.body(in));
    }

    private byte[] body(InputStream in) throws IOException {
        if (header("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = size(in); size > 0; size = size(in)) {
                body.writeBytes(in.readNBytes(size));
                line(in);
            }
            line(in);
            return body.toByteArray();
        }
        Optional<String> length = header("Content-Length");
        return length.isPresent() ? in.readNBytes(Integer.parseInt(length.get())) : in.readAllBytes();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";")[0].strip(), 16);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int unit = in.read(); unit != '\n'; unit = in.read()) {
            if (unit < 0) {
                throw new EOFException("the server closed the connection after \"" + line + "\"");
            }
            line.write(unit);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    Optional<String> header(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return headers.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .findFirst();
    }

    String body() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException malformed) {
            throw new AssertionError("not JSON: " + this, malformed);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    String problem() {
        return json().path("type").asText().replaceFirst("^urn:parley:problem:", "");
    }

    long revision() {
        return Long.parseLong(header("Parley-Revision").orElseThrow(() -> new AssertionError("no revision: " + this)));
    }

    @Override
    public String toString() {
        return status + " " + headers + "\n" + (bytes.length > 2_000 ? bytes.length + " bytes" : body());
    }
}
