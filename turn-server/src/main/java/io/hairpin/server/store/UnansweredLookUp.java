package io.hairpin.server.store;

/// A look-up that did not find out whether there is such a user. The message says why, in an
/// operator's words, and holds no secret.
public final class UnansweredLookUp extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnansweredLookUp(String reason) {
        super(reason, null, false, false);
    }
}
