package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls that Netty does not offer, as the C library has them. Pointers are plain
/// numbers; a result below zero means that the call failed.
final class SystemCalls {

    private static final Linker LINKER = Linker.nativeLinker();

    /// Six numbers and a result, for every call. The calling conventions of x86-64 and aarch64 pass
    /// an `int` and a pointer alike, in a register of 64 bits that the called looks at as far as it
    /// cares to; what it has no parameter for it does not look at. A call with types of its own
    /// would be linked by classes of its own, which each start would have to make anew, at 8 ms a
    /// type.
    private static final FunctionDescriptor CALL =
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle RECVMSG = function("recvmsg");
    private static final MethodHandle SENDMSG = function("sendmsg");
    private static final MethodHandle RECVMMSG = function("recvmmsg");
    private static final MethodHandle SENDMMSG = function("sendmmsg");
    private static final MethodHandle MMAP = function("mmap");
    private static final MethodHandle MUNMAP = function("munmap");
    private static final MethodHandle MADVISE = function("madvise");

    private SystemCalls() {}

    static long recvmsg(int descriptor, long message) {
        return call(RECVMSG, descriptor, message, 0);
    }

    /// As [#recvmsg], from the queue of errors that what was sent has met.
    static long recvError(int descriptor, long message) {
        return call(RECVMSG, descriptor, message, LinuxAbi.MSG_ERRQUEUE);
    }

    static int recvmmsg(int descriptor, long messages, int count) {
        return (int) call(RECVMMSG, descriptor, messages, count);
    }

    static long sendmsg(int descriptor, long message) {
        return call(SENDMSG, descriptor, message, 0);
    }

    static int sendmmsg(int descriptor, long messages, int count) {
        return (int) call(SENDMMSG, descriptor, messages, count);
    }

    /// As [#sendmsg], but tells why it failed: returns zero or the error number. `state` has room
    /// for [#stateBytes].
    static int sendmsgOrErrno(MemorySegment state, long descriptor, long message) {
        try {
            long sent =
                    (long)
                            Explained.SENDMSG.invokeExact(
                                    state, descriptor, message, 0L, 0L, 0L, 0L);
            return sent < 0 ? (int) Explained.ERRNO.get(state, 0L) : 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long stateBytes() {
        return Linker.Option.captureStateLayout().byteSize();
    }

    /// Maps memory that becomes resident page by page as it is first used.
    static long mapLazily(long bytes) {
        int access = LinuxAbi.PROT_READ | LinuxAbi.PROT_WRITE;
        int kind = LinuxAbi.MAP_PRIVATE | LinuxAbi.MAP_ANONYMOUS | LinuxAbi.MAP_NORESERVE;
        long address = call(MMAP, 0, bytes, access, kind, -1, 0);
        if (address != -1) {
            // A refusal only means that the kernel has no huge pages to keep away.
            long _ = call(MADVISE, address, bytes, LinuxAbi.MADV_NOHUGEPAGE);
        }
        return address;
    }

    static int unmap(long address, long bytes) {
        return (int) call(MUNMAP, address, bytes, 0);
    }

    private static long call(MethodHandle function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0);
    }

    /// What returns an `int` leaves the upper half of the result undefined.
    private static long call(
            MethodHandle function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) function.invokeExact(a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /// Linked only once an error has to be explained.
    private static final class Explained {

        private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle SENDMSG = function("sendmsg", CAPTURE);
    }

    @SuppressWarnings("restricted") // the types are those of the C library
    private static MethodHandle function(String name, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), CALL, options);
    }

    private static IllegalStateException unexpected(Throwable cause) {
        return new IllegalStateException("a system call threw", cause);
    }
}
