package io.aviladb.cli.server;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.node.consensus.ratis.DamagedReplicaException;
import io.aviladb.node.consensus.ratis.DirectoryInUseException;
import io.aviladb.node.server.DiskFullException;
import io.aviladb.node.server.LayoutFormatException;
import io.aviladb.node.server.NodeGoneException;
import io.aviladb.node.server.OtherClusterException;
import io.aviladb.storage.engine.StorageDamagedException;
import io.aviladb.storage.engine.StorageFormatException;
import org.jspecify.annotations.Nullable;

/** Why a node refused to start, as the command tells it. */
public final class StartFailure {
    private StartFailure() {
    }

    /** @param what what didn't start, for the message */
    public static CommandFailure of(String what, Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            CommandFailure known = known(what, t);
            if (known != null) {
                return known;
            }
        }
        return CommandFailure.failed(what + " did not start: " + thrown.getMessage(), "The log in the data folder says more.");
    }

    private static @Nullable CommandFailure known(String what, Throwable t) {
        return switch (t) {
            case CommandFailure already -> already;
            case DiskFullException full -> failure(ExitCode.DISK_FULL, ErrorCode.STORAGE_FULL, what, full,
                    "Free space on the disk, or lower 'limits.min-free-bytes'; nothing was changed.");
            case DamagedReplicaException damaged -> failure(ExitCode.DAMAGED, ErrorCode.STORAGE_DAMAGED, what, damaged,
                    "Restore the named directories from a copy of the disk, or move them away to begin without these data.");
            case StorageDamagedException damaged -> failure(ExitCode.DAMAGED, ErrorCode.STORAGE_DAMAGED, what, damaged,
                    "Restore the named directory from a copy of the disk.");
            case DirectoryInUseException used ->
                failure(ExitCode.FOLDER_IN_USE, null, what, used, "Stop it first, or name another folder.");
            case OtherClusterException other -> failure(ExitCode.OTHER_CLUSTER, null, what, other,
                    "Correct the configuration, or name another folder.");
            case NodeGoneException gone -> failure(ExitCode.OTHER_CLUSTER, null, what, gone,
                    "Give it an id that was never used, and an empty data folder: it joins by 'seeds'.");
            case StorageFormatException newer -> failure(ExitCode.NEWER_FORMAT, null, what, newer,
                    "Use the release that wrote them, or a later one.");
            case LayoutFormatException newer -> failure(ExitCode.NEWER_FORMAT, null, what, newer,
                    "Use the release that wrote it, or a later one.");
            default -> null;
        };
    }

    private static CommandFailure failure(int status, @Nullable ErrorCode code, String what,
            Throwable cause, String fix) {
        String number = code == null ? "" : code.code();
        return new CommandFailure(status, number, code == null ? "" : code.name(), what + " did not start: " + cause.getMessage(), fix,
                false,
                "");
    }
}
