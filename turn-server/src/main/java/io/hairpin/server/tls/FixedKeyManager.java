package io.hairpin.server.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;

import java.security.KeyStore;

import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;

/// A factory of one key manager that exists already, where Netty wants a factory.
final class FixedKeyManager extends SimpleKeyManagerFactory {

    private final KeyManager keys;

    FixedKeyManager(KeyManager keys) {
        this.keys = keys;
    }

    @Override
    protected void engineInit(KeyStore keyStore, char[] password) {}

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {}

    @Override
    protected KeyManager[] engineGetKeyManagers() {
        return new KeyManager[] {keys};
    }
}
