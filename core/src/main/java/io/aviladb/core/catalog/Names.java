package io.aviladb.core.catalog;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.regex.Pattern;

/** Names of databases and collections. */
public final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    private Names() {
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_NAME} */
    public static String checked(String kind, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new AvilaError(ErrorCode.INVALID_NAME,
                    "a " + kind + " can't be named '" + name.substring(0, Math.min(80, name.length())) + "'");
        }
        return name;
    }
}
