package io.hairpin.server.transport;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Looks names up as the system does, off the event loop, which must not wait for that.
final class BackgroundResolver extends InetNameResolver {

    static final AddressResolverGroup<InetSocketAddress> GROUP =
            new AddressResolverGroup<>() {
                @Override
                protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
                    return new BackgroundResolver(executor).asAddressResolver();
                }
            };

    private BackgroundResolver(EventExecutor executor) {
        super(executor);
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> promise) {
        Thread.startVirtualThread(
                () -> {
                    try {
                        promise.trySuccess(InetAddress.getByName(name));
                    } catch (UnknownHostException e) {
                        promise.tryFailure(e);
                    }
                });
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
        Thread.startVirtualThread(
                () -> {
                    try {
                        promise.trySuccess(List.of(InetAddress.getAllByName(name)));
                    } catch (UnknownHostException e) {
                        promise.tryFailure(e);
                    }
                });
    }
}
