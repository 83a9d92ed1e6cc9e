package io.aviladb.chaos.simulation;

import io.aviladb.proto.node.NodeStream;
import org.jspecify.annotations.Nullable;

/** Both ends of a stream: frames come in their order after their time, until it breaks. */
final class SimulatedStream implements NodeStream {
    private final Network network;
    private final String reader;
    private final String source;
    private final Life readersLife;
    private final NodeStream.Receiver receiver;
    private @Nullable Life sourcesLife;
    private @Nullable NodeStream serving;
    private long lastFrameAt;
    private long lastCreditAt;
    private int early; // credit that came before the stream was open
    private boolean torn; // a frame was lost
    private boolean over;

    SimulatedStream(Network network, String reader, String source, Life readersLife, NodeStream.Receiver receiver) {
        this.network = network;
        this.reader = reader;
        this.source = source;
        this.readersLife = readersLife;
        this.receiver = receiver;
    }

    boolean isAt(String node) {
        return node.equals(reader) || node.equals(source);
    }

    boolean isBetween(String from, String to) {
        return from.equals(reader) && to.equals(source) || from.equals(source) && to.equals(reader);
    }

    void served(Life life, Network.Opening opening) {
        if (over) {
            return;
        }
        sourcesLife = life;
        serving = opening.open(new NodeStream.Receiver() {
            @Override
            public void onFrame(byte[] frame) {
                arrives(() -> receiver.onFrame(frame), false);
            }

            @Override
            public void onEnd() {
                arrives(receiver::onEnd, true);
            }

            @Override
            public void onError(Throwable cause) {
                arrives(() -> receiver.onError(cause), true);
            }
        });
        if (serving != null && early > 0) {
            serving.request(early);
        }
    }

    private void arrives(Runnable what, boolean last) {
        if (!torn && network.isBlocked(source, reader)) {
            torn = true;
            network.agenda().after(network.between(200, 900), this::breaks);
        }
        if (torn) {
            return; // no frame comes after one that was lost
        }
        lastFrameAt = Math.max(lastFrameAt + 1, network.agenda().nanos() + network.oneWay(source, reader));
        network.agenda().after(lastFrameAt - network.agenda().nanos(), () -> {
            if (!over && !readersLife.isOver()) {
                if (last) {
                    end();
                }
                what.run();
            }
        });
    }

    @Override
    public void request(int frames) {
        lastCreditAt = Math.max(lastCreditAt + 1, network.agenda().nanos() + network.oneWay(reader, source));
        network.agenda().after(lastCreditAt - network.agenda().nanos(), () -> {
            if (serving == null) {
                early += frames;
            } else if (!over && sourcesLife != null && !sourcesLife.isOver()) {
                serving.request(frames);
            }
        });
    }

    @Override
    public void cancel() {
        end();
    }

    private void end() {
        over = true;
        network.over(this);
        NodeStream open = serving;
        Life life = sourcesLife;
        if (open != null && life != null) {
            network.agenda().after(network.oneWay(reader, source), () -> {
                if (!life.isOver()) {
                    open.cancel();
                }
            });
        }
    }

    /** Both ends learn of it. */
    void breaks() {
        if (over) {
            return;
        }
        end();
        network.agenda().after(network.between(1, 50), () -> {
            if (!readersLife.isOver()) {
                receiver.onError(new IllegalStateException("the stream from " + source + " broke"));
            }
        });
    }
}
