package dev.usageledger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Locale;

/** An HTTP/1.1 answer as it comes in, of known length or in chunks. Understands no more than a load generator needs. */
final class Reply {
    private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] END_OF_LINE = "\r\n".getBytes(ISO_8859_1);
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private ByteBuffer received = ByteBuffer.allocate(16 * 1024);
    private byte[] body = new byte[16 * 1024];
    private int bodyLength;
    private int parsedTo;
    private boolean hasHeaders;
    private boolean isChunked;
    private boolean isLast;
    private int contentLength;

    /** Makes room for the next answer. */
    void reset() {
        received.clear();
        bodyLength = 0;
        parsedTo = 0;
        hasHeaders = false;
        isChunked = false;
        isLast = false;
        contentLength = 0;
    }

    /** Takes what has come in, and tells whether the answer is complete. */
    boolean readFrom(ReadableByteChannel channel) throws IOException {
        while (true) {
            if (!received.hasRemaining()) {
                received.flip();
                received = ByteBuffer.allocate(2 * received.capacity()).put(received);
            }
            int count = channel.read(received);
            if (count < 0) {
                throw new IOException("the server hung up in the middle of an answer");
            }
            if (count == 0) {
                return false;
            }
            if (isComplete()) {
                return true;
            }
        }
    }

    private boolean isComplete() {
        if (!hasHeaders && !parseHeaders()) {
            return false;
        }
        return isChunked ? parseChunks() : parseRest();
    }

    private boolean parseHeaders() {
        int end = indexOf(END_OF_HEADERS, parsedTo);
        if (end < 0) {
            parsedTo = Math.max(0, received.position() - END_OF_HEADERS.length);
            return false;
        }
        String headers = new String(received.array(), 0, end, ISO_8859_1);
        headers.lines().skip(1).forEach(this::header);
        parsedTo = end + END_OF_HEADERS.length;
        hasHeaders = true;
        return true;
    }

    private void header(String line) {
        int colon = line.indexOf(':');
        String value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "content-length" -> contentLength = Integer.parseInt(value);
            case "transfer-encoding" -> isChunked = true;
            case "connection" -> isLast = value.equalsIgnoreCase("close");
            default -> {}
        }
    }

    private boolean parseRest() {
        if (received.position() - parsedTo < contentLength) {
            return false;
        }
        append(parsedTo, contentLength);
        return true;
    }

    private boolean parseChunks() {
        while (true) {
            int line = indexOf(END_OF_LINE, parsedTo);
            if (line < 0) {
                return false;
            }
            int size = Integer.parseInt(new String(received.array(), parsedTo, line - parsedTo, ISO_8859_1), 16);
            int start = line + END_OF_LINE.length;
            if (received.position() < start + size + END_OF_LINE.length) {
                return false;
            }
            if (size == 0) {
                return true;
            }
            append(start, size);
            parsedTo = start + size + END_OF_LINE.length;
        }
    }

    private void append(int from, int count) {
        if (bodyLength + count > body.length) {
            body = Arrays.copyOf(body, Math.max(2 * body.length, bodyLength + count));
        }
        System.arraycopy(received.array(), from, body, bodyLength, count);
        bodyLength += count;
    }

    private int indexOf(byte[] wanted, int from) {
        return indexOf(wanted, received.array(), from, received.position());
    }

    private static int indexOf(byte[] wanted, byte[] bytes, int from, int to) {
        for (int at = from; at <= to - wanted.length; at++) {
            if (bytes[at] == wanted[0] && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    int status() {
        byte[] bytes = received.array();
        return (bytes[STATUS_AT] - '0') * 100 + (bytes[STATUS_AT + 1] - '0') * 10 + (bytes[STATUS_AT + 2] - '0');
    }

    /** Whether the server will hang up now. */
    boolean isLastOfConnection() {
        return isLast;
    }

    /** Whether the body ends with {@code wanted}, which is where our own service says how a command went. */
    boolean endsWith(byte[] wanted) {
        return bodyLength >= wanted.length
                && Arrays.equals(body, bodyLength - wanted.length, bodyLength, wanted, 0, wanted.length);
    }

    /** How often the body contains {@code wanted}. */
    int count(byte[] wanted) {
        int count = 0;
        for (int at = indexOf(wanted, body, 0, bodyLength);
                at >= 0;
                at = indexOf(wanted, body, at + wanted.length, bodyLength)) {
            count++;
        }
        return count;
    }

    @Override
    public String toString() {
        return status() + " " + new String(body, 0, Math.min(bodyLength, 500), UTF_8);
    }
}
