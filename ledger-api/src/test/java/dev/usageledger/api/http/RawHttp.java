package dev.usageledger.api.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** HTTP by hand, for what no client library would send. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 30_000;

    private RawHttp() {}

    static String get(int port, String target) throws IOException {
        return send(port, """
                GET %s HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Connection: close\r
                \r
                """.formatted(target, Service.KEY).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @return all that was answered until the service closed the connection; nothing if it only did that */
    static String send(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
                socket.getInputStream().transferTo(answer);
            } catch (SocketException e) {
                // The service has closed while it was still being talked to, which is an answer too.
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
