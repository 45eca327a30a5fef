package io.hairpin.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Headless Chromium with cameras and microphones made up and permissions granted, which talks to
/// nobody but whom a page does.
public final class Chromium {

    private static final List<String> FLAGS =
            List.of(
                    "--headless=new",
                    "--disable-gpu",
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-extensions",
                    "--disable-sync",
                    "--disable-quic",
                    "--no-first-run",
                    "--enable-logging=stderr");

    private Chromium() {}

    /// The command that starts it, without a page.
    ///
    /// @param profile a folder for all it writes
    public static List<String> command(Path profile) {
        List<String> command = new ArrayList<>(List.of(Tool.CHROMIUM.path()));
        command.addAll(FLAGS);
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--no-sandbox"); // Chromium refuses to run as root with it
        }
        command.add("--user-data-dir=" + profile);
        return List.copyOf(command);
    }
}
