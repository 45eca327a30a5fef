package io.hairpin.net;

import io.netty.channel.unix.Errors.NativeIoException;

/// Why a socket could not be bound.
///
/// @param detail what the system said
public record BindFailure(Kind kind, String detail) {

    public enum Kind {
        /// Another socket has the port.
        IN_USE,
        /// The address is not one of this machine.
        NOT_LOCAL,
        /// The port needs a privilege, as those below 1024 often do.
        NOT_PERMITTED,
        /// Anything else, such as the lack of file descriptors.
        OTHER
    }

    public static BindFailure of(Throwable cause) {
        String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        Kind kind =
                cause instanceof NativeIoException failure
                        ? ofErrno(-failure.expectedErr())
                        : ofMessage(detail);
        return new BindFailure(kind, detail);
    }

    /// The numbers are those of Linux, where alone Netty reports them.
    private static Kind ofErrno(int errno) {
        return switch (errno) {
            case 1, 13 -> Kind.NOT_PERMITTED; // EPERM, EACCES
            case 98 -> Kind.IN_USE; // EADDRINUSE
            case 99 -> Kind.NOT_LOCAL; // EADDRNOTAVAIL
            default -> Kind.OTHER;
        };
    }

    /// The JDK passes on nothing but the words of the system.
    private static Kind ofMessage(String detail) {
        if (detail.contains("in use")) {
            return Kind.IN_USE;
        }
        if (detail.contains("assign requested address")) {
            return Kind.NOT_LOCAL;
        }
        return detail.contains("ermission denied") ? Kind.NOT_PERMITTED : Kind.OTHER;
    }
}
