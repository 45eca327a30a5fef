package io.hairpin.server.auth;

import java.util.OptionalLong;

/// Makes mobility tickets of numbers, such that nobody else can make one or read it (RFC 8016 §5).
public interface TicketSeal {

    /// A ticket that says `number`; never the same one twice.
    byte[] seal(long number);

    /// What the ticket says, or nothing if it is not one of ours.
    OptionalLong open(byte[] ticket);
}
