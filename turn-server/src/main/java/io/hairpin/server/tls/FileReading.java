package io.hairpin.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads small files, and says in an operator's words why one cannot be read: with certificates it
/// is mostly permissions, so who may not read what is told exactly.
final class FileReading {

    private static final int MAX_BYTES = 1 << 20;

    private FileReading() {}

    /// @throws UnusableTls if it cannot be read
    static byte[] read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new UnusableTls(file, "it is a directory", "name the PEM file itself");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new UnusableTls(
                            file,
                            "it is larger than " + MAX_BYTES + " bytes",
                            "name a PEM file, which is much smaller");
                }
                return bytes;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static UnusableTls unreadable(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> missing(file);
            case AccessDeniedException _ -> denied(file);
            default ->
                    new UnusableTls(
                            file,
                            "it cannot be read: " + e.getMessage(),
                            "see that it is there and whole");
        };
    }

    private static UnusableTls missing(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        boolean noFolder = folder != null && Files.notExists(folder);
        String problem =
                Files.isSymbolicLink(file)
                        ? "it is a link to a file that does not exist"
                        : noFolder ? "there is no folder " + folder : "there is no such file";
        return new UnusableTls(file, problem, "put it there, or name another");
    }

    private static UnusableTls denied(Path file) {
        Optional<Path> closed = firstClosedFolder(file.toAbsolutePath());
        String user = user();
        return closed.map(
                        folder ->
                                new UnusableTls(
                                        file,
                                        user + " may not enter " + folder + owner(folder),
                                        "let it in, or put a copy where it may read it"))
                .orElseGet(
                        () ->
                                new UnusableTls(
                                        file,
                                        user + " may not read it" + owner(file),
                                        "make it readable for that user, by its group for"
                                                + " example"));
    }

    private static Optional<Path> firstClosedFolder(Path file) {
        Path folder = file.getRoot();
        for (Path name : file) {
            if (folder == null || !Files.isExecutable(folder)) {
                break;
            }
            Path next = folder.resolve(name);
            if (next.equals(file)) {
                return Optional.empty();
            }
            folder = next;
        }
        return Optional.ofNullable(folder);
    }

    /// Whom this process runs as. The user id matters more than the name: in a container there may
    /// be no name at all.
    private static String user() {
        String name = "user " + System.getProperty("user.name", "?");
        return effectiveUserId().map(id -> name + " (uid " + id + ")").orElse(name);
    }

    private static Optional<String> effectiveUserId() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            // Real, effective, saved and file system user id.
            return lines.filter(line -> line.startsWith("Uid:"))
                    .map(line -> line.split("\\s+", -1))
                    .filter(fields -> fields.length > 2)
                    .map(fields -> fields[2])
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // there is no such file but on Linux
        }
    }

    private static String owner(Path file) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            return " (it belongs to "
                    + attributes.owner().getName()
                    + ", group "
                    + attributes.group().getName()
                    + ", mode "
                    + PosixFilePermissions.toString(attributes.permissions())
                    + ")";
        } catch (IOException | UnsupportedOperationException e) {
            return ""; // not even that may be known
        }
    }
}
