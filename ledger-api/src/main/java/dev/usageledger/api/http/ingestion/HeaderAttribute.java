package dev.usageledger.api.http.ingestion;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.usageledger.api.http.request.Fault;
import dev.usageledger.api.http.request.Fault.Part;
import dev.usageledger.api.http.request.InvalidRequestException;
import dev.usageledger.api.http.request.Request;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** An attribute of a CloudEvent that is a header, as the HTTP binding of CloudEvents writes it (3.1.3.2). */
final class HeaderAttribute {
    private static final String PREFIX = "ce-";
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    private HeaderAttribute() {}

    /**
     * What the header of an attribute says, so that the same event has the same id and source however it is sent;
     * {@code null} where it was not sent.
     *
     * @throws InvalidRequestException when it is not percent-encoded UTF-8
     */
    static @Nullable String of(Request request, String attribute) {
        String header = PREFIX + attribute;
        String value = request.header(header);
        try {
            return value == null ? null : decoded(value);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new InvalidRequestException(
                    new Fault(Part.HEADER, "/" + header, "must be percent-encoded UTF-8, with % itself as %25"));
        }
    }

    private static String decoded(String value) throws CharacterCodingException {
        byte[] bytes = UriUtils.decode(unquoted(value), ISO_8859_1).getBytes(ISO_8859_1);
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted
                ? ESCAPED.matcher(value.substring(1, value.length() - 1)).replaceAll("$1")
                : value;
    }
}
