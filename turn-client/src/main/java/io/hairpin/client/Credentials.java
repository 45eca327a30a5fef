package io.hairpin.client;

import io.hairpin.stun.OpaqueString;

/// A user name and password of the long-term credential mechanism, in their prepared form.
public record Credentials(String username, String password) {
    public Credentials {
        username = prepared("user name", username);
        password = prepared("password", password);
    }

    @Override
    public String toString() {
        return "Credentials[redacted]";
    }

    private static String prepared(String what, String text) {
        return OpaqueString.prepare(text)
                .orElseThrow(() -> new IllegalArgumentException("not allowed as a " + what));
    }
}
