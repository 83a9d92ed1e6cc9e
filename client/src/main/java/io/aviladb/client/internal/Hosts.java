package io.aviladb.client.internal;

import io.aviladb.client.option.HostPort;
import io.aviladb.core.region.RegionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hosts of the URL and which of them is used. All operations use one host until it fails; then the next, in the URL's order. */
public final class Hosts implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Hosts.class);

    private final List<Host> hosts;
    private final AtomicInteger used = new AtomicInteger();
    private final CompletableFuture<Void> chosen;

    /** @param region where given, the first host that answers for it is used at first */
    public Hosts(List<HostPort> addresses, Optional<RegionId> region) {
        hosts = addresses.stream().map(Host::new).toList();
        chosen = region.isEmpty() || hosts.size() == 1
                ? CompletableFuture.completedFuture(null)
                : choose(region.get().name(), 0);
    }

    private CompletableFuture<Void> choose(String region, int index) {
        if (index == hosts.size()) {
            log.atWarn().addKeyValue("region", region).log("No host of the URL answers for the preferred region");
            return CompletableFuture.completedFuture(null);
        }
        return hosts.get(index).region().handle((found, error) -> region.equals(found)).thenCompose(matches -> {
            if (!matches) {
                return choose(region, index + 1);
            }
            used.set(index);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Completes once the preferred region has been looked for; never exceptionally. */
    CompletableFuture<Void> chosen() {
        return chosen;
    }

    public Host current() {
        return hosts.get(used.get());
    }

    /** Who is tried after this one; itself where it is the only one. */
    Host after(Host host) {
        return hosts.get((hosts.indexOf(host) + 1) % hosts.size());
    }

    int count() {
        return hosts.size();
    }

    /** The connection failed: where this is the host in use, all turn to the next. */
    void failed(Host host) {
        host.connectionFailed();
        int index = hosts.indexOf(host);
        if (hosts.size() > 1 && used.compareAndSet(index, (index + 1) % hosts.size())) {
            log.atInfo().addKeyValue("from", host).addKeyValue("to", current()).log("Host failed over");
        }
    }

    @Override
    public void close() {
        hosts.forEach(Host::close);
    }
}
