package io.aviladb.client;

import io.aviladb.client.error.AvilaException;
import java.util.List;

/** What became of each document of a batch, in the order of the documents. */
public record BatchResult(List<Item> items, Answer answer) implements Result {
    /** One document's. */
    public sealed interface Item permits Inserted, Refused {
        /** Empty where the document had none and was refused. */
        String id();
    }

    /** It is there. */
    public record Inserted(InsertResult result) implements Item {
        @Override
        public String id() {
            return result.id();
        }
    }

    /** It was not inserted; the error tells why. */
    public record Refused(String id, AvilaException error) implements Item {}

    public BatchResult {
        items = List.copyOf(items);
    }

    public List<InsertResult> inserted() {
        return items.stream().filter(Inserted.class::isInstance).map(item -> ((Inserted) item).result()).toList();
    }

    public List<Refused> refused() {
        return items.stream().filter(Refused.class::isInstance).map(Refused.class::cast).toList();
    }
}
