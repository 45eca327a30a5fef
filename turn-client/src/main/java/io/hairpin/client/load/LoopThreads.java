package io.hairpin.client.load;

import io.netty.util.concurrent.DefaultThreadFactory;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/// Makes the threads of the event loops, and tells the CPU time they had.
final class LoopThreads implements ThreadFactory {

    private final ThreadFactory threads = new DefaultThreadFactory("load", true);
    private final List<Thread> started = new CopyOnWriteArrayList<>();

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = threads.newThread(task);
        started.add(thread);
        return thread;
    }

    CpuTimes times() {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        Map<String, CpuTimes.Times> times = new HashMap<>();
        for (Thread thread : started) {
            long ran = Math.max(0, bean.getThreadCpuTime(thread.threadId()));
            times.put(thread.getName(), new CpuTimes.Times(ran, 0));
        }
        return new CpuTimes(System.nanoTime(), times);
    }
}
