package io.hairpin.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds out what the comparison runs on.
final class Environment {
    private Environment() {}

    /// Names and what they are, in the order in which they are shown.
    static Map<String, String> read(String coturn) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("processor", processor());
        environment.put("CPUs", Integer.toString(cpus()));
        environment.put(
                "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        environment.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put("coturn", firstLine(List.of(coturn, "--version")));
        environment.put("C compiler", firstLine(List.of("cc", "--version")));
        environment.put("largest receive buffer", kernel("net/core/rmem_max") + " B");
        environment.put("largest send buffer", kernel("net/core/wmem_max") + " B");
        return environment;
    }

    /// How many CPUs the machine has, whichever of them this process may use.
    static int cpus() throws IOException {
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

    private static String firstLine(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            return output.lines().findFirst().orElse("").strip();
        }
    }
}
