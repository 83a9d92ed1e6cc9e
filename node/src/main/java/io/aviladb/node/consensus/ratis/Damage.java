package io.aviladb.node.consensus.ratis;

import io.aviladb.storage.engine.StorageDamagedException;
import io.aviladb.storage.engine.StorageException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/** Tells damaged bytes from everything else that can go wrong at a start. */
final class Damage {
    private static final String LOG_PACKAGE = "org.apache.ratis.server.raftlog.";

    private Damage() {
    }

    /** The log doesn't hold what this replica has acknowledged, as far as its files tell. */
    static final class LogException extends IOException {
        LogException(String message) {
            super(message);
        }
    }

    static boolean isOfLog(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            boolean broken = t instanceof ChecksumException || t instanceof CorruptedFileException || t instanceof LogException
                    || t instanceof InvalidProtocolBufferException || t instanceof IllegalStateException && isFromLog(t);
            if (broken) {
                return true;
            }
        }
        return false;
    }

    static boolean isOfState(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof StorageDamagedException
                    || t instanceof StorageException store && store.reason() == StorageException.Reason.DAMAGED) {
                return true;
            }
        }
        return false;
    }

    /** Ratis finds gaps and overlaps of segments by its preconditions. */
    private static boolean isFromLog(Throwable t) {
        return Arrays.stream(t.getStackTrace()).limit(8).anyMatch(frame -> frame.getClassName().startsWith(LOG_PACKAGE));
    }
}
