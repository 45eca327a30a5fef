package io.hairpin.server.tls;

import javax.net.ssl.SSLEngine;

/// An engine on the server's side that asks clients for no certificates, and whose settings are
/// given from the start: what nobody asks of it here is refused.
abstract class ServerEngine extends SSLEngine {

    private static final String FIXED = "this cannot be changed";

    @Override
    public void beginHandshake() {} // which is up to the client

    @Override
    public boolean getUseClientMode() {
        return false;
    }

    @Override
    public void setUseClientMode(boolean mode) {
        refuseUnless(!mode);
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        refuseUnless(!need);
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        refuseUnless(!want);
    }

    /// No session is ever resumed, so each connection has one of its own.
    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        refuseUnless(flag);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return RawPublicKeyTls.SUITES.keySet().toArray(String[]::new);
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return getSupportedCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        throw new UnsupportedOperationException(FIXED);
    }

    @Override
    public String[] getSupportedProtocols() {
        return RawPublicKeyTls.VERSIONS.keySet().toArray(String[]::new);
    }

    @Override
    public String[] getEnabledProtocols() {
        return getSupportedProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        throw new UnsupportedOperationException(FIXED);
    }

    private static void refuseUnless(boolean isAsItIs) {
        if (!isAsItIs) {
            throw new UnsupportedOperationException(FIXED);
        }
    }
}
