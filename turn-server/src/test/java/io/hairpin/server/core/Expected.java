package io.hairpin.server.core;

import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.PasswordAlgorithm;

import java.util.Arrays;

/// Names for the effects that are not messages, as scripts expect them.
final class Expected {

    static final PortChoice ANY_PORT = new PortChoice.Any();

    private Expected() {}

    static Effect openRelay(long id, ScriptClient client, AddressFamily family, PortChoice port) {
        return new Effect.OpenRelay(
                new AllocationId(id), client.tuple(), new RelaySpec(family, port));
    }

    static Effect openTcpRelay(long id, ScriptClient client, AddressFamily family) {
        return new Effect.OpenRelay(
                new AllocationId(id),
                client.tuple(),
                new RelaySpec(family, ANY_PORT, RelayTransport.TCP));
    }

    static Effect closeRelay(long id, AddressFamily family) {
        return new Effect.CloseRelay(new AllocationId(id), family);
    }

    static Effect releasePort(String reserved) {
        return new Effect.ReleasePort(TestAddresses.of(reserved));
    }

    static Effect opened(long id, ScriptClient client, long seconds, String... relayed) {
        return new Effect.AllocationOpened(
                new AllocationId(id),
                client.tuple(),
                client.username,
                Arrays.stream(relayed).map(TestAddresses::of).toList(),
                seconds);
    }

    static Effect pathAdded(long id, ScriptClient client) {
        return new Effect.PathAdded(new AllocationId(id), client.tuple());
    }

    static Effect pathRemoved(long id, ScriptClient client) {
        return new Effect.PathRemoved(new AllocationId(id), client.tuple());
    }

    static Effect moved(long id, ScriptClient from, ScriptClient to) {
        return new Effect.ClientMoved(new AllocationId(id), from.tuple(), to.tuple());
    }

    static Effect lookUp(long id, ScriptClient client) {
        return new Effect.LookUpCredentials(
                new LookUpId(id),
                client.tuple(),
                new CredentialQuery(TurnScript.REALM, client.username, PasswordAlgorithm.MD5));
    }

    static Effect closed(long id, ScriptClient client, CloseReason reason) {
        return new Effect.AllocationClosed(new AllocationId(id), client.tuple(), reason);
    }
}
