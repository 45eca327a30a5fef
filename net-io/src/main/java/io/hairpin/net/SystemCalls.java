package io.hairpin.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
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

    private static final FunctionDescriptor MESSAGE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);

    private static final MethodHandle RECVMSG = function("recvmsg", MESSAGE);
    private static final MethodHandle SENDMSG = function("sendmsg", MESSAGE);
    private static final MethodHandle RECVMMSG =
            function(
                    "recvmmsg",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle SENDMMSG =
            function(
                    "sendmmsg",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle MMAP =
            function(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE =
            function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private SystemCalls() {}

    static long recvmsg(int descriptor, long message) {
        try {
            return (long) RECVMSG.invokeExact(descriptor, message, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// As [#recvmsg], from the queue of errors that what was sent has met.
    static long recvError(int descriptor, long message) {
        try {
            return (long) RECVMSG.invokeExact(descriptor, message, LinuxAbi.MSG_ERRQUEUE);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int recvmmsg(int descriptor, long messages, int count) {
        try {
            return (int) RECVMMSG.invokeExact(descriptor, messages, count, 0, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long sendmsg(int descriptor, long message) {
        try {
            return (long) SENDMSG.invokeExact(descriptor, message, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int sendmmsg(int descriptor, long messages, int count) {
        try {
            return (int) SENDMMSG.invokeExact(descriptor, messages, count, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// As [#sendmsg], but tells why it failed: returns zero or the error number. `state` has room
    /// for [#stateBytes].
    static int sendmsgOrErrno(MemorySegment state, int descriptor, long message) {
        try {
            long sent = (long) Explained.SENDMSG.invokeExact(state, descriptor, message, 0);
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
        try {
            long address = (long) MMAP.invokeExact(0L, bytes, access, kind, -1, 0L);
            if (address != -1) {
                // A refusal only means that the kernel has no huge pages to keep away.
                int _ = (int) MADVISE.invokeExact(address, bytes, LinuxAbi.MADV_NOHUGEPAGE);
            }
            return address;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int unmap(long address, long bytes) {
        try {
            return (int) MUNMAP.invokeExact(address, bytes);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// Linked only once an error has to be explained.
    private static final class Explained {

        private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle SENDMSG = function("sendmsg", MESSAGE, CAPTURE);
    }

    @SuppressWarnings("restricted") // the types are those of the C library
    private static MethodHandle function(
            String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    private static IllegalStateException unexpected(Throwable cause) {
        return new IllegalStateException("a system call threw", cause);
    }
}
