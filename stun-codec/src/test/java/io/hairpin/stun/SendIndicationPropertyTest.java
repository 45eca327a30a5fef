package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The flyweight sees what the decoder sees.
class SendIndicationPropertyTest {
    private static final Set<Integer> UNDERSTOOD =
            Set.of(
                    Attributes.XOR_PEER_ADDRESS.code(),
                    Attributes.DATA.code(),
                    Attributes.DONT_FRAGMENT.code());

    @Property
    void bothAgree(@ForAll("indications") byte[] bytes) {
        assertAgreement(bytes);
    }

    @Property
    void bothAgreeOnAnyBytes(@ForAll byte[] bytes) {
        assertAgreement(bytes);
    }

    static void assertAgreement(byte[] bytes) {
        SendIndication send = new SendIndication();
        SendIndication.Outcome outcome = send.wrap(ByteBuffer.wrap(bytes), 0, bytes.length);

        Optional<StunMessage> message =
                StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var decoded)
                        ? Optional.of(decoded)
                        : Optional.empty();
        boolean acceptable = message.filter(SendIndicationPropertyTest::acceptable).isPresent();

        assertThat(outcome == SendIndication.Outcome.OK).isEqualTo(acceptable);
        if (acceptable) {
            StunMessage decoded = message.orElseThrow();
            byte[] data = new byte[send.dataLength()];
            ByteBuffer.wrap(bytes).get(send.dataOffset(), data);

            assertThat(decoded.find(Attributes.XOR_PEER_ADDRESS).map(TransportAddress::of))
                    .contains(
                            new TransportAddress(send.peerHigh(), send.peerLow(), send.peerPort()));
            assertThat(decoded.find(Attributes.DATA)).contains(data);
            assertThat(decoded.has(Attributes.DONT_FRAGMENT)).isEqualTo(send.dontFragment());
        }
    }

    /// Later repetitions of what is needed are not looked at, so they may be anything.
    private static boolean acceptable(StunMessage message) {
        List<Integer> malformed = message.malformedAttributes();
        return message.method() == Method.SEND
                && message.messageClass() == MessageClass.INDICATION
                && !message.isClassic()
                && UNDERSTOOD.containsAll(message.comprehensionRequired())
                && !malformed.contains(Attributes.DONT_FRAGMENT.code())
                && message.find(Attributes.XOR_PEER_ADDRESS).isPresent()
                && message.find(Attributes.DATA).isPresent();
    }

    @Provide
    Arbitrary<byte[]> indications() {
        Arbitrary<InetSocketAddress> peers = Samples.addresses();
        Arbitrary<Samples.Attribute<?>> needed =
                Arbitraries.oneOf(
                        List.of(
                                peers.map(
                                        p ->
                                                new Samples.Attribute<>(
                                                        Attributes.XOR_PEER_ADDRESS, p)),
                                Arbitraries.bytes()
                                        .array(byte[].class)
                                        .ofMaxSize(20)
                                        .map(d -> new Samples.Attribute<>(Attributes.DATA, d)),
                                Arbitraries.just(
                                        new Samples.Attribute<>(
                                                Attributes.DONT_FRAGMENT, Present.PRESENT)),
                                Arbitraries.just(
                                        new Samples.Attribute<>(
                                                AttributeType.of(0x0012), new byte[8]))));
        Arbitrary<Samples.Attribute<?>> any =
                Arbitraries.frequencyOf(Tuple.of(6, needed), Tuple.of(1, Samples.attributes()));
        return Combinators.combine(
                        any.list().ofMaxSize(6),
                        Arbitraries.integers().between(-400, 99),
                        Arbitraries.bytes())
                .as(
                        (attributes, damage, value) -> {
                            byte[] bytes =
                                    Samples.builder(
                                                    MessageClass.INDICATION,
                                                    Method.SEND,
                                                    TransactionId.of(1, 2),
                                                    attributes)
                                            .build()
                                            .toBytes();
                            if (damage >= 0) {
                                bytes[damage % bytes.length] = value;
                            }
                            return bytes;
                        })
                .edgeCases(EdgeCases.Config::none);
    }
}
