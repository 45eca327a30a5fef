package io.hairpin.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Sends what waits in a [SendQueue], with as few system calls as there can be.
final class Sender {

    private final SendQueue queue;
    private final SendMessages messages;
    private final Segmentation segmentation;
    private final MemorySegment errnoState;

    Sender(Arena arena, SendQueue queue, Segmentation segmentation) {
        this.queue = queue;
        this.segmentation = segmentation;
        messages = new SendMessages(arena, queue);
        errnoState = arena.allocate(SystemCalls.stateBytes(), Long.BYTES);
    }

    /// Sends the chain of datagrams that begins with `first`, and returns how many of them the
    /// network did not take.
    int send(int descriptor, int first) {
        int lost = 0;
        int total = layOut(first, 0);
        queue.done(total);
        int refusedBytes = 0;
        int refusal = 0;
        int repeated = -1;
        for (int at = 0; at < messages.count(); ) {
            int sent = transmit(descriptor, at);
            if (sent > 0) {
                if (at == 0 && refusal != 0) { // what was refused as a run has left on its own
                    segmentation.refused(refusedBytes, refusal);
                }
                at += sent;
                continue;
            }
            int errno = SystemCalls.sendmsgOrErrno(errnoState, descriptor, messages.address(at));
            if (errno == 0) {
                at++;
            } else if (isExhaustion(errno)) {
                return lost + datagramsFrom(at);
            } else if (messages.datagrams(at) > 1 && Segmentation.isRefusal(errno)) {
                refusal = errno;
                refusedBytes = messages.segmentBytes(at);
                layOut(messages.firstEntry(at), messages.datagrams(at));
                at = 0;
                repeated = -1;
            } else if (repeated != at && errno != LinuxAbi.EMSGSIZE) {
                repeated = at; // it may be the error of an earlier datagram
            } else if (errno != LinuxAbi.EINTR) {
                lost += messages.datagrams(at);
                at++;
            }
        }
        return lost;
    }

    /// Makes messages of the datagrams from `entry` on, of the first `single` one each, and
    /// returns how many datagrams that are.
    private int layOut(int entry, int single) {
        messages.clear();
        int datagrams = 0;
        for (int next = entry; next != SendQueue.NONE; ) {
            next = messages.add(next, datagrams < single ? 1 : mostTogether(next));
            datagrams += messages.datagrams(messages.count() - 1);
        }
        return datagrams;
    }

    private int mostTogether(int entry) {
        boolean isAlone = queue.next(entry) == SendQueue.NONE;
        return !isAlone && segmentation.allows(queue.totalLength(entry))
                ? SendMessages.MAX_SEGMENTS
                : 1;
    }

    /// Returns the number of messages sent; if it is not positive, the one at `at` has failed.
    private int transmit(int descriptor, int at) {
        int count = messages.count() - at;
        if (count > 1) {
            return SystemCalls.sendmmsg(descriptor, messages.address(at), count);
        }
        return SystemCalls.sendmsg(descriptor, messages.address(at)) < 0 ? -1 : 1;
    }

    private int datagramsFrom(int at) {
        int datagrams = 0;
        for (int message = at; message < messages.count(); message++) {
            datagrams += messages.datagrams(message);
        }
        return datagrams;
    }

    /// Whether the next datagrams would fare the same.
    private static boolean isExhaustion(int errno) {
        return errno == LinuxAbi.EAGAIN || errno == LinuxAbi.ENOBUFS || errno == LinuxAbi.ENOMEM;
    }
}
