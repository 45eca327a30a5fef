package io.hairpin.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.interop.Program;
import io.hairpin.interop.Tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The commands that make namespaces, wire them together and put rules in between; nothing is done
/// until [#run].
final class Wiring {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Path rules;
    private final List<String> commands = new ArrayList<>();
    private final List<Namespace> made = new ArrayList<>();

    /// @param rules the folder with the rules of every kind
    Wiring(Path rules) {
        this.rules = rules;
    }

    /// One end of a cable.
    ///
    /// @param name of the interface
    /// @param address its address, with the length of its prefix unless the other end is all there
    ///     is
    record End(Namespace in, String name, String address) {}

    Namespace namespace(String role) {
        Namespace namespace = Namespace.of(role);
        made.add(namespace);
        commands.add("ip netns add " + namespace);
        commands.add("ip -n %s link set lo up".formatted(namespace));
        return namespace;
    }

    /// A namespace that passes on what is not for itself.
    Namespace router(String role) {
        Namespace namespace = namespace(role);
        set(namespace, "net/ipv4/ip_forward", "1");
        set(namespace, "net/ipv6/conf/all/forwarding", "1");
        return namespace;
    }

    private void set(Namespace namespace, String setting, String value) {
        commands.add(
                "ip netns exec %s sh -c 'echo %s >/proc/sys/%s'"
                        .formatted(namespace, value, setting));
    }

    void cable(End one, End other) {
        commands.add(
                "ip link add %s netns %s type veth peer name %s netns %s"
                        .formatted(one.name, one.in, other.name, other.in));
        up(one, other);
        up(other, one);
    }

    private void up(End end, End other) {
        String peer = end.address.contains("/") ? "" : " peer " + other.address;
        address(end.in, end.name, end.address + peer);
        commands.add("ip -n %s link set %s up".formatted(end.in, end.name));
    }

    /// One more address.
    void address(Namespace in, String name, String address) {
        String nodad = address.contains(":") ? " nodad" : ""; // nobody else has it
        commands.add("ip -n %s address add %s dev %s%s".formatted(in, address, name, nodad));
    }

    void route(Namespace in, String destination, String gateway) {
        commands.add("ip -n %s route add %s via %s".formatted(in, destination, gateway));
    }

    /// A device by which a program translates what is routed there.
    void tunnel(Namespace in, String name, String... destinations) {
        commands.add("ip -n %s tuntap add %s mode tun".formatted(in, name));
        commands.add("ip -n %s link set %s up".formatted(in, name));
        for (String destination : destinations) {
            commands.add("ip -n %s route add %s dev %s".formatted(in, destination, name));
        }
    }

    /// @param outside its address there
    void rules(Namespace in, String file, String outside) {
        commands.add(
                "ip netns exec %s %s -D outside=%s -f %s"
                        .formatted(in, Tool.NFT.path(), outside, rules.resolve(file + ".nft")));
    }

    /// What [#run] makes, and what has to be deleted even if it fails.
    List<Namespace> made() {
        return List.copyOf(made);
    }

    void run() {
        String script = String.join("\n", commands);
        Program.Finished run = Program.run(List.of("sh", "-exc", script), DEADLINE);
        assertThat(run.exitCode()).as("wiring:\n%s", run.output()).isZero();
    }
}
