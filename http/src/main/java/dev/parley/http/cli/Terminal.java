package dev.parley.http.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Map;

/**
 * What a command reads from and writes to.
 *
 * @param bytesOut where values go as they are; the same place as {@code out}, which must be flushed in between
 */
record Terminal(
        InputStream in, OutputStream bytesOut, PrintWriter out, PrintWriter err, Map<String, String> environment) {}
