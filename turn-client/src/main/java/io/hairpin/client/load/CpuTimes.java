package io.hairpin.client.load;

import java.util.Map;

/// The CPU time of threads at one moment.
///
/// @param atNanos when, as `System.nanoTime` counts
record CpuTimes(long atNanos, Map<String, Times> byThread) {

    static final CpuTimes NONE = new CpuTimes(0, Map.of());

    /// What one thread had.
    ///
    /// @param ranNanos on a CPU
    /// @param waitedNanos that it could have run, had there been a CPU free for it
    record Times(long ranNanos, long waitedNanos) {
        static final Times NONE = new Times(0, 0);
    }

    /// What the threads did between two moments; one that ended in between has done nothing.
    LoadReport.Cpu until(CpuTimes end) {
        long all = 0;
        long most = 0;
        long waited = 0;
        for (Map.Entry<String, Times> thread : end.byThread.entrySet()) {
            Times before = byThread.getOrDefault(thread.getKey(), Times.NONE);
            long ran = thread.getValue().ranNanos() - before.ranNanos();
            all += ran;
            if (ran >= most) {
                most = ran;
                waited = thread.getValue().waitedNanos() - before.waitedNanos();
            }
        }
        double elapsed = Math.max(1, end.atNanos - atNanos);
        return new LoadReport.Cpu(
                100 * all / elapsed, 100 * most / elapsed, 100 * waited / elapsed);
    }
}
