package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

/// What a core does beyond TURN itself, where the operator wants it.
///
/// @param tcp what clients may do with TCP relays; null if there are none
/// @param bindings what Binding requests are told beside the address they come from
/// @param mobility null if clients stay where they are
/// @param limits what all cores of the server keep to together
public record Extensions(
        @Nullable TcpRelaying tcp,
        BindingPolicy bindings,
        @Nullable Mobility mobility,
        Redirection redirection,
        Answers answers,
        SharedLimits limits) {

    /// Nothing.
    public static final Extensions NONE =
            new Extensions(null, BindingPolicy.BASIC, null, Redirection.NONE);

    /// Where whoever asks is answered, without limits besides the quotas.
    public Extensions(
            @Nullable TcpRelaying tcp,
            BindingPolicy bindings,
            @Nullable Mobility mobility,
            Redirection redirection) {
        this(tcp, bindings, mobility, redirection, Answers.TO_ALL, SharedLimits.none());
    }
}
