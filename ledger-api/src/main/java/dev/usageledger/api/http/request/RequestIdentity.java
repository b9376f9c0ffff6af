package dev.usageledger.api.http.request;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request goes by from its first filter to its last log line.
 *
 * @param requestId the caller's {@code X-Request-Id} where it is 1 to 128 of A-Z a-z 0-9 . _ : -, and a UUID of version
 *     7 otherwise
 * @param caller the name of the API key, {@code null} where none is needed
 */
public record RequestIdentity(
        String requestId, Instant receivedAt, @Nullable String caller) {
    public static final String ID_HEADER = "X-Request-Id";
    private static final String ATTRIBUTE = RequestIdentity.class.getName();
    private static final Pattern ACCEPTABLE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

    /** The identity of a request that has just come in. */
    public static RequestIdentity begin(HttpServletRequest request, Instant receivedAt) {
        String given = request.getHeader(ID_HEADER);
        String id = given != null && ACCEPTABLE_ID.matcher(given).matches()
                ? given
                : IDS.generate().toString();
        return new RequestIdentity(id, receivedAt, null).on(request);
    }

    public static RequestIdentity of(HttpServletRequest request) {
        return (RequestIdentity) request.getAttribute(ATTRIBUTE);
    }

    /** The same request, now that its API key is known. */
    public RequestIdentity calledBy(String keyName, HttpServletRequest request) {
        return new RequestIdentity(requestId, receivedAt, keyName).on(request);
    }

    private RequestIdentity on(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
        return this;
    }
}
