package io.aviladb.chaos.cluster.loopback;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One collection through one router. The documents of these tests have their id as partition key too, in {@code userId}. */
public record CollectionRest(Rest rest, String database, String name) {
    private static final int PAGE_SIZE = 1_000;

    public String path() {
        return "/v1/databases/" + database + "/collections/" + name;
    }

    public String documents() {
        return path() + "/documents";
    }

    public String document(String id) {
        return documents() + "/" + Rest.encoded(id) + "?partitionKey=" + Rest.encoded("[\"" + id + "\"]");
    }

    /** Creates database and collection; the merge policy is JSON. */
    public void create(String policy) {
        rest.post("/v1/databases", "{\"name\":\"" + database + "\"}").expect(201);
        rest.post("/v1/databases/" + database + "/collections",
                "{\"name\":\"" + name + "\",\"partitionKey\":\"/userId\",\"mergePolicy\":" + policy + "}").expect(201);
    }

    public Rest.Answer insert(String document) {
        return rest.post(documents(), document);
    }

    public Rest.Answer get(String id) {
        return rest.get(document(id));
    }

    /** All documents with the bytes that the server sent, one array's elements a page, in key order. */
    public String all() {
        StringBuilder all = new StringBuilder();
        for (Page page : pages()) {
            all.append(page.documents).append('\n');
        }
        return all.toString();
    }

    public long count() {
        return ids().size();
    }

    /** Ids of all documents, in key order, each as often as it is listed. */
    List<String> ids() {
        return pages().stream().flatMap(page -> page.ids.stream()).toList();
    }

    private record Page(String documents, List<String> ids) {}

    private List<Page> pages() {
        List<Page> pages = new ArrayList<>();
        String token = "";
        do {
            Rest.Answer answer = rest.call("GET",
                    documents() + "?pageSize=" + PAGE_SIZE + (token.isEmpty() ? "" : "&continuationToken=" + Rest.encoded(token)),
                    new byte[0],
                    Map.of("x-aviladb-consistency", "strong")).expect(200);
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            int begin = text.indexOf('[') + 1;
            int end = text.lastIndexOf("],\"continuationToken\":");
            List<String> ids = ((JsonArray) answer.value("documents")).elements().stream()
                    .map(document -> ((JsonString) ((JsonObject) document).get("id").orElseThrow()).value()).toList();
            pages.add(new Page(text.substring(begin, end), ids));
            token = answer.value("continuationToken") instanceof JsonString next ? next.value() : "";
        } while (!token.isEmpty());
        return pages;
    }
}
