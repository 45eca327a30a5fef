package io.hairpin.dtls;

/// What happens on a [DtlsServer] or [DtlsClient]; called on its event loop.
public interface DtlsHandler {

    /// A handshake succeeded.
    ///
    /// @return who is told what happens to the session
    DtlsReceiver opened(DtlsSession session);

    /// A handshake failed.
    void failed(DtlsFailure reason);

    /// Something that arrived was ignored.
    void dropped(DtlsDrop reason);
}
