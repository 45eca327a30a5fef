package io.hairpin.server.config;

import java.net.InetAddress;

/// Where metrics and health are served over HTTP. Port 0 lets the system choose.
public record AdminConfig(@Default("127.0.0.1") InetAddress address, @Default("9641") int port) {

    public AdminConfig {
        new Rules().range("port", port, 0, 65535).enforce();
    }

    /// What holds where nothing is set: this machine alone can read them.
    public static AdminConfig defaults() {
        return Binder.defaults(AdminConfig.class);
    }
}
