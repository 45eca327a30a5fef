package io.hairpin.client.load;

import java.util.Map;

/// The CPU time of threads at one moment.
///
/// @param atNanos when, as `System.nanoTime` counts
/// @param byThread nanoseconds of each thread
record CpuTimes(long atNanos, Map<String, Long> byThread) {

    static final CpuTimes NONE = new CpuTimes(0, Map.of());

    /// What the threads did between two moments; one that ended in between has done nothing.
    LoadReport.Cpu until(CpuTimes end) {
        long all = 0;
        long most = 0;
        for (Map.Entry<String, Long> thread : end.byThread.entrySet()) {
            long used = thread.getValue() - byThread.getOrDefault(thread.getKey(), 0L);
            all += used;
            most = Math.max(most, used);
        }
        double elapsed = Math.max(1, end.atNanos - atNanos);
        return new LoadReport.Cpu(100 * all / elapsed, 100 * most / elapsed);
    }
}
