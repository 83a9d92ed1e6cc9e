package io.aviladb.router.edge;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How somebody resolves what a merge made of a document. */
public sealed interface Resolution {
    /** What one side of a conflict that nobody has settled has lost comes back. */
    record Choose(Version version) implements Resolution {}

    /** Any version that is kept comes back, whatever has been written since. */
    record Restore(Version version) implements Resolution {}

    /** The document as somebody made it of versions that were seen: all that live, or the sides of the conflicts that they came from. */
    record Write(JsonObject document, List<Version> versions) implements Resolution {
        public Write {
            versions = List.copyOf(versions);
        }
    }

    /** @throws AvilaError {@link ErrorCode#MALFORMED_REQUEST} */
    static Resolution parse(JsonObject body) {
        DocumentBodies.onlyMembers(body.members(), Set.of("choose", "restore", "document", "versions"), Set.of());
        Set<String> names = body.members().keySet();
        if (names.equals(Set.of("choose"))) {
            return new Choose(version(body.getOrNull("choose")));
        }
        if (names.equals(Set.of("restore"))) {
            return new Restore(version(body.getOrNull("restore")));
        }
        boolean whole = names.equals(Set.of("document", "versions"));
        if (whole && body.getOrNull("document") instanceof JsonObject document
                && body.getOrNull("versions") instanceof JsonArray versions) {
            List<Version> seen = new ArrayList<>();
            versions.elements().forEach(element -> seen.add(version(element)));
            return new Write(document, seen);
        }
        throw new AvilaError(ErrorCode.MALFORMED_REQUEST,
                "a resolution is {\"choose\": version}, {\"restore\": version} or {\"document\": {...}, \"versions\": [...]}");
    }

    private static Version version(@Nullable JsonValue value) {
        Optional<String> text = value instanceof JsonString string ? Optional.of(string.value()) : Optional.empty();
        try {
            return Version.parse(text.orElseThrow(() -> new IllegalArgumentException("a version is a string")));
        } catch (IllegalArgumentException e) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, String.valueOf(e.getMessage()));
        }
    }
}
