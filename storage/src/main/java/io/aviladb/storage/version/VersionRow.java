package io.aviladb.storage.version;

import io.aviladb.core.version.Version;

/** A version and its body as its region wrote it. The array is the holder's own. */
public record VersionRow(Version version, byte[] body) {}
