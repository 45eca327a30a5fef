package io.hairpin.client.load;

import io.hairpin.client.Credentials;

/// Who the clients are to the server; may be asked by several event loops at once.
@FunctionalInterface
public interface Accounts {
    Credentials of(int client);
}
