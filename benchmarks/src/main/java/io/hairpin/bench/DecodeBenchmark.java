package io.hairpin.bench;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunDecoder;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/// What it takes to know what a packet is: once per request, and once per relayed packet.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DecodeBenchmark {
    private final ByteBuffer allocateRequest =
            Samples.direct(Samples.allocateRequest(Integrity.SHA1));
    private final ByteBuffer channelData = Samples.channelData();
    private final ByteBuffer sendIndication = Samples.sendIndication();
    private final SendIndication flyweight = new SendIndication();

    /// Decodes an Allocate request and reads what its handler asks for.
    @Benchmark
    public long allocateRequest() {
        return switch (StunDecoder.decode(allocateRequest)) {
            case Decoded.Message(var message) ->
                    message.find(Attributes.REQUESTED_TRANSPORT).orElse(0)
                            + message.find(Attributes.LIFETIME).orElse(0L)
                            + message.find(Attributes.USERNAME).orElse("").length();
            case Decoded.Malformed(var reason) -> throw new IllegalStateException(reason.name());
        };
    }

    /// Tells ChannelData from the rest and finds its payload.
    @Benchmark
    public int channelData() {
        ByteBuffer packet = channelData;
        if (PacketKind.of(packet.get(0)) != PacketKind.CHANNEL_DATA
                || !ChannelData.isWhole(packet, 0, packet.capacity())) {
            throw new IllegalStateException("the sample is ChannelData");
        }
        return ChannelData.channel(packet, 0) + ChannelData.length(packet, 0);
    }

    /// Finds the peer and the payload of a Send indication.
    @Benchmark
    public long sendIndication() {
        SendIndication indication = flyweight;
        if (indication.wrap(sendIndication, 0, sendIndication.limit())
                != SendIndication.Outcome.OK) {
            throw new IllegalStateException("the sample is a Send indication");
        }
        return indication.peerLow()
                + indication.peerPort()
                + indication.dataOffset()
                + indication.dataLength();
    }
}
