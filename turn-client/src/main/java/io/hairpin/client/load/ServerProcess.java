package io.hairpin.client.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Reads what a process of this machine uses, where there is `/proc`.
final class ServerProcess {

    private final Path folder;

    /// @param proc `/proc`
    ServerProcess(Path proc, long pid) {
        this.folder = proc.resolve(Long.toString(pid));
        if (!Files.isReadable(folder.resolve("status"))) {
            throw new LoadException(
                    "the server's process " + pid + " cannot be read in " + proc + "; is it gone?");
        }
    }

    /// The CPU time that each of its threads has had.
    CpuTimes cpuTimes() {
        Map<String, CpuTimes.Times> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(folder.resolve("task"))) {
            for (Path task : tasks) {
                readCpu(task, threads);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return new CpuTimes(System.nanoTime(), threads);
    }

    private static void readCpu(Path task, Map<String, CpuTimes.Times> threads) throws IOException {
        try {
            String[] times = Files.readString(task.resolve("schedstat")).split(" ", 3);
            threads.put(
                    String.valueOf(task.getFileName()),
                    new CpuTimes.Times(Long.parseLong(times[0]), Long.parseLong(times[1])));
        } catch (NoSuchFileException ended) {
            // A thread may end while the others are read.
            threads.remove(String.valueOf(task.getFileName()));
        }
    }

    /// Its resident memory.
    long residentBytes() {
        String kilobytes = status("VmRSS").replace("kB", "").strip();
        return Long.parseLong(kilobytes) * 1024;
    }

    /// The CPUs it may run on.
    int cpus() {
        int count = 0;
        for (String range : status("Cpus_allowed_list").split(",", -1)) {
            String[] ends = range.strip().split("-", 2);
            int first = Integer.parseInt(ends[0]);
            count += Integer.parseInt(ends[ends.length - 1]) - first + 1;
        }
        return count;
    }

    private String status(String key) {
        try {
            return Files.readAllLines(folder.resolve("status")).stream()
                    .filter(line -> line.startsWith(key + ":"))
                    .findFirst()
                    .map(line -> line.substring(key.length() + 1).strip())
                    .orElseThrow(() -> new LoadException("no " + key + " in " + folder));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private LoadException unreadable(IOException e) {
        return new LoadException("the server's process ended: nothing in " + folder, e);
    }
}
