package io.hairpin.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;

import javax.management.Notification;
import javax.management.NotificationEmitter;

/// Has the old generation collected whenever it has doubled since it last was.
///
/// The serial collector by itself lets it grow to the largest heap there may be, a quarter of the
/// machine's memory, before it looks for what in there is garbage: the remains of clients that came
/// and went (docs/adr/0007). Other collectors see to that themselves.
final class OldGeneration {

    /// What the heap begins with anyway (`bin/jvm-options`).
    private static final long LEAST_BYTES = 24 << 20;

    private static final String SERIAL = "Tenured Gen";

    private final MemoryPoolMXBean pool;

    private OldGeneration(MemoryPoolMXBean pool) {
        this.pool = pool;
    }

    /// Begins, where there is something to do.
    static void watch() {
        Optional<MemoryPoolMXBean> serial =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(each -> each.getName().equals(SERIAL))
                        .filter(MemoryPoolMXBean::isUsageThresholdSupported)
                        .findFirst();
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        if (serial.isPresent() && memory instanceof NotificationEmitter emitter) {
            OldGeneration watched = new OldGeneration(serial.get());
            emitter.addNotificationListener(watched::notified, null, null);
            watched.awaitDoubling();
        }
    }

    private void notified(Notification notification, Object unused) {
        boolean exceeded =
                notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED);
        if (exceeded) {
            System.gc();
            awaitDoubling();
        }
    }

    private void awaitDoubling() {
        pool.setUsageThreshold(threshold(pool.getUsage().getUsed(), pool.getUsage().getMax()));
    }

    /// @param used what is in use, after a collection
    /// @param max the most there may be, or -1 if that is not known
    static long threshold(long used, long max) {
        long doubled = Math.max(LEAST_BYTES, 2 * used);
        return max < 0 ? doubled : Math.min(doubled, max);
    }
}
