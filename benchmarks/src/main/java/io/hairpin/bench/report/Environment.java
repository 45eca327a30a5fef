package io.hairpin.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Finds out what a run is on.
public final class Environment {
    private Environment() {}

    /// Names and what they are, in the order in which they are shown.
    public static Map<String, String> machine() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("processor", processor());
        environment.put("CPUs", Integer.toString(cpus()));
        environment.put(
                "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        environment.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put("largest receive buffer", kernel("net/core/rmem_max") + " B");
        environment.put("largest send buffer", kernel("net/core/wmem_max") + " B");
        return environment;
    }

    /// How many CPUs the machine has, whichever of them this process may use.
    public static int cpus() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return (int) lines.filter(line -> line.startsWith("processor")).count();
        }
    }

    private static String processor() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    /// Read in one go: the kernel does not continue where a short read left off.
    private static String kernel(String name) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/sys").resolve(name))) {
            return lines.findFirst().orElse("");
        }
    }

    /// The first line that a command prints.
    public static String firstLine(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            return output.lines().findFirst().orElse("").strip();
        }
    }

    /// How much of all CPUs other work takes, in percent; looks for a second.
    public static double busyPercent() throws IOException, InterruptedException {
        long[] before = cpuTicks();
        Thread.sleep(Duration.ofSeconds(1));
        long[] after = cpuTicks();
        return 100.0 * (after[0] - before[0]) / Math.max(1, after[1] - before[1]);
    }

    /// The ticks spent at work, and all that went by.
    private static long[] cpuTicks() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            return ticks(lines.findFirst().orElse(""));
        }
    }

    /// Reads the first line of `/proc/stat`: user, nice, system, idle, waiting for I/O, and so on.
    static long[] ticks(String line) {
        List<Long> numbers =
                Pattern.compile("[0-9]+")
                        .matcher(line)
                        .results()
                        .limit(8) // what follows is part of user
                        .map(number -> Long.valueOf(number.group()))
                        .toList();
        long all = numbers.stream().mapToLong(Long::longValue).sum();
        long idle = numbers.stream().skip(3).limit(2).mapToLong(Long::longValue).sum();
        return new long[] {all - idle, all};
    }
}
