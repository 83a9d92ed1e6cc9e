package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.ClusterUrl;
import picocli.CommandLine.Option;

/** Which cluster a command speaks to. */
public final class ClusterOptions {
    @Option(names = "--url", paramLabel = "URL", defaultValue = "${env:AVILADB_URL:-" + ClusterUrl.DEFAULT
            + "}", description = "The cluster: aviladb://host[:8000][,host2...]/[database]. Default: AVILADB_URL, else "
                    + ClusterUrl.DEFAULT + ".")
    private String url = ClusterUrl.DEFAULT;

    public ClusterUrl url() {
        return ClusterUrl.parse(url);
    }

    public ApiClient client() {
        return new ApiClient(url());
    }

    /** The REST path of {@code db/coll}, or of {@code coll} in the URL's database. */
    public String collectionPath(String collection) {
        int slash = collection.indexOf('/');
        String database = slash < 0 ? url().database() : collection.substring(0, slash);
        if (database.isEmpty()) {
            throw CommandFailure.usage("which database is '" + collection + "' in?",
                    "Write database/" + collection + ", or name the database in the URL: aviladb://host/database.");
        }
        return "/v1/databases/" + ApiClient.step(database) + "/collections/" + ApiClient.step(collection.substring(slash + 1));
    }
}
