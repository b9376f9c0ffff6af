package dev.usageledger.audit;

/** Something that was signed is not as it was signed; the message says how, to go after its name. */
public final class BrokenSignatureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokenSignatureException(String message) {
        super(message);
    }
}
