package io.hairpin.server;

import io.hairpin.server.core.ConnectionId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Effect;
import io.hairpin.stun.ErrorCode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;

/// Logs made from the effects of all cores. Addresses and usernames appear at DEBUG and below
/// only. Thread-safe.
final class EffectLog {

    private static final Logger log = LoggerFactory.getLogger("io.hairpin.server.allocations");

    private final AtomicBoolean explainedDenial = new AtomicBoolean();
    private final FloodLog floods;

    EffectLog(FloodLog floods) {
        this.floods = floods;
    }

    /// What was dropped before a core saw it.
    void dropped(DropReason reason) {
        floods.dropped(reason);
    }

    void executed(Effect effect) {
        switch (effect) {
            case Effect.Send(var to, var message) ->
                    log.trace("{} {} to {}", message.method(), message.messageClass(), to);
            case Effect.Indicate(var to, var message) ->
                    log.debug("{} indication to {}: {}", message.method(), to, message);
            case Effect.SendElsewhere(_, var path, var message) ->
                    log.trace(
                            "{} {} elsewhere, to {}",
                            message.method(),
                            message.messageClass(),
                            path);
            case Effect.Reject(var to, var message, var code, var detail) -> {
                log.debug("{} of {} refused: {} {}", message.method(), to, code.code(), detail);
                if (code == ErrorCode.FORBIDDEN && explainedDenial.compareAndSet(false, true)) {
                    log.info(
                            "A client asked for a peer that the policy denies. Browsers try private"
                                + " addresses as a matter of course, so this is normal; peers.allow"
                                + " opens ranges. Further ones are logged at DEBUG.");
                }
            }
            case Effect.LookUpCredentials(_, var from, var query) ->
                    log.debug("Looking {} of {} up for {}", query.username(), query.realm(), from);
            case Effect.OpenRelay(var allocation, _, var spec) ->
                    log.debug("Allocation {}: opening {}", allocation.value(), spec);
            case Effect.CloseRelay(var allocation, var family) ->
                    log.debug("Allocation {}: closing {}", allocation.value(), family);
            case Effect.ReleasePort(var relayed) -> log.debug("Reservation of {} ends", relayed);
            case Effect.AllocationOpened opened -> {
                log.info(
                        "Allocation {} opened over {} for {} s",
                        opened.allocation().value(),
                        opened.client().transport(),
                        opened.lifetimeSeconds());
                log.debug(
                        "Allocation {}: {} at {} has {}",
                        opened.allocation().value(),
                        opened.username(),
                        opened.client(),
                        opened.relayed());
            }
            case Effect.AllocationClosed(var allocation, var client, var reason) ->
                    log.info(
                            "Allocation {} over {} closed: {}",
                            allocation.value(),
                            client.transport(),
                            reason);
            case Effect.Tcp tcp -> executed(tcp);
            case Effect.PathAdded(var allocation, var path) ->
                    log.debug(
                            "Allocation {}: its client comes by {} as well",
                            allocation.value(),
                            path);
            case Effect.PathRemoved(var allocation, var path) ->
                    log.debug(
                            "Allocation {}: {} is its client's no more", allocation.value(), path);
            case Effect.ClientMoved(var allocation, var from, var to) -> {
                log.info(
                        "Allocation {} moved from {} to {}",
                        allocation.value(),
                        from.transport(),
                        to.transport());
                log.debug("Allocation {}: moved from {} to {}", allocation.value(), from, to);
            }
            case Effect.HandOver(var from, _, int shard) ->
                    log.debug("{} shows a ticket of shard {}", from, shard);
            case Effect.Drop(var from, var reason) -> {
                log.trace("Dropped a message from {}: {}", from, reason);
                floods.dropped(reason);
            }
        }
    }

    private static void executed(Effect.Tcp effect) {
        switch (effect) {
            case Effect.Tcp.Connect(var allocation, var id, var peer) ->
                    log.debug(
                            "Allocation {}: connecting {} to {}",
                            allocation.value(),
                            number(id),
                            peer);
            case Effect.Tcp.Admit(var allocation, _, var id) ->
                    log.debug("Allocation {}: a peer opened {}", allocation.value(), number(id));
            case Effect.Tcp.TurnAway(var allocation, _, var reason) ->
                    log.debug("Allocation {}: a peer turned away: {}", allocation.value(), reason);
            case Effect.Tcp.Announce(var to, _) -> log.trace("CONNECTION_ATTEMPT to {}", to);
            case Effect.Tcp.Join(var client, var id) ->
                    log.debug("{} carries {} from now on", client, number(id));
            case Effect.Tcp.Close(var id, var reason) ->
                    log.debug("Closing {}: {}", number(id), reason);
        }
    }

    /// Ids are secrets until they are used, so that the log has no more than a part of them.
    private static String number(ConnectionId id) {
        return "connection …%04x".formatted(id.value() & 0xFFFF);
    }
}
