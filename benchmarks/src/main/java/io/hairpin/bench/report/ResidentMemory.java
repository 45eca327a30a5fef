package io.hairpin.bench.report;

import java.util.List;

/// What of a process is in memory, and how much of that is its own rather than mapped from files.
public record ResidentMemory(long totalBytes, long ownBytes) {

    /// Reads the lines of `/proc/PID/status`.
    public static ResidentMemory parse(List<String> status) {
        return new ResidentMemory(bytes(status, "VmRSS:"), bytes(status, "RssAnon:"));
    }

    private static long bytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(
                        line ->
                                1024
                                        * Long.parseLong(
                                                line.substring(name.length())
                                                        .replace("kB", "")
                                                        .strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("/proc/PID/status has no " + name));
    }
}
