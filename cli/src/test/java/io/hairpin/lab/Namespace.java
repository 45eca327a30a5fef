package io.hairpin.lab;

import io.hairpin.interop.Program;
import io.hairpin.interop.Tool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A network namespace of a lab, which has the process id of its lab in its name.
record Namespace(String name) {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Pattern NAME = Pattern.compile("(?m)^(hairpin-lab-(\\d+)-\\S+)");

    static Namespace of(String role) {
        return new Namespace("hairpin-lab-%d-%s".formatted(ProcessHandle.current().pid(), role));
    }

    /// A command that runs in it.
    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(List.of(Tool.IP.path(), "netns", "exec", name));
        all.addAll(command);
        return all;
    }

    /// Ends what runs in it, and deletes it with its interfaces.
    void delete() {
        ip("netns", "pids", name)
                .output()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("\\d+"))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)))
                .flatMap(Optional::stream)
                .forEach(ProcessHandle::destroyForcibly);
        ip("netns", "delete", name);
    }

    /// Deletes an interface with its other end, if it has it.
    void deleteInterface(String device) {
        ip("-n", name, "link", "delete", device);
    }

    private static Program.Finished ip(String... words) {
        List<String> command = new ArrayList<>(List.of(Tool.IP.path()));
        Collections.addAll(command, words);
        return Program.run(command, DEADLINE);
    }

    /// Deletes what labs left that were killed, and what runs there.
    static void deleteOrphans() {
        Matcher names = NAME.matcher(ip("netns", "list").output());
        while (names.find()) {
            if (ProcessHandle.of(Long.parseLong(names.group(2))).isEmpty()) {
                new Namespace(names.group(1)).delete();
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
