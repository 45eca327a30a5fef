package io.hairpin.stun;

/// What [StunDecoder] makes of some bytes.
public sealed interface Decoded {
    /// A message whose frame holds; its attributes may still be wrong one by one.
    record Message(StunMessage message) implements Decoded {}

    /// No message, and the first reason why.
    record Malformed(Reason reason) implements Decoded {}

    /// Why bytes are no STUN message.
    enum Reason {
        /// Fewer bytes than a header has.
        TOO_SHORT,
        /// The first two bits are not zero.
        NOT_STUN,
        /// The length in the header is no multiple of four.
        UNALIGNED_LENGTH,
        /// The header and the number of bytes disagree.
        WRONG_LENGTH,
        /// No method of that number.
        UNKNOWN_METHOD,
        /// An attribute reaches past the end.
        ATTRIBUTE_OVERRUN,
        /// More than [StunDecoder#MAX_ATTRIBUTES].
        TOO_MANY_ATTRIBUTES
    }
}
