package io.hairpin.server.tls;

/// A certificate, key or setting of TLS that cannot be used. The message is one line for the
/// operator: which file or setting, what is wrong with it, and the remedy.
public final class UnusableTls extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// @param what the path of the file, or the key of the setting
    UnusableTls(Object what, String problem, String remedy) {
        super(what + ": " + problem + "; " + remedy);
    }
}
