package dev.usageledger.api.http.request;

/** A body in another form than JSON in UTF-8. */
public final class UnsupportedBodyException extends RuntimeException {
    UnsupportedBodyException(String detail) {
        super(detail, null, false, false);
    }
}
