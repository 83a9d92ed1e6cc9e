package io.aviladb.proto.node;

/** A stream of frames from a node, with credit: the sender never sends more than was asked for. */
public interface NodeStream {
    /** Allows this many more frames. */
    void request(int frames);

    /** Ends the stream; frames under way are dropped. */
    void cancel();

    /** The receiving side. Calls come one at a time. */
    interface Receiver {
        void onFrame(byte[] frame);

        /** The stream is over: nothing follows. */
        void onEnd();

        /** The stream broke, or was refused ({@link NodeRefusal}): nothing follows. */
        void onError(Throwable cause);
    }
}
