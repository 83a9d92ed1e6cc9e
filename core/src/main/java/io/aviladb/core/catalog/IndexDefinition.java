package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.FieldPath;
import java.util.HashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A secondary index as it is declared. It never changes: another definition is another index, with another id.
 *
 * @param id in its collection, never given twice; 0 for one that the catalog hasn't taken yet
 * @param fields what documents are ordered by, the first one first
 * @param sparse whether a document in which all the fields are missing has no entry
 * @param where the condition of the documents that have an entry, in the query language; empty for all
 */
public record IndexDefinition(int id, String name, List<Field> fields, boolean sparse, String where) {
    public static final int MAX_FIELDS = 8;
    public static final int MAX_WHERE_LENGTH = 4_096;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");

    /** One field. @param descending whether its greatest value comes first */
    public record Field(FieldPath path, boolean descending) {
        public Field {
            if (path.isRoot()) {
                throw new IllegalArgumentException("an index has fields, and not the whole document");
            }
        }

        /** {@code /city}, or {@code -/score} for a descending one. @throws IllegalArgumentException where the text is neither */
        public static Field parse(String text) {
            boolean descending = text.startsWith("-");
            return new Field(FieldPath.parse(descending ? text.substring(1) : text), descending);
        }

        @Override
        public String toString() {
            return (descending ? "-" : "") + path;
        }
    }

    public IndexDefinition {
        fields = List.copyOf(fields);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "an index is named by 1 to 63 letters, digits, '_' and '-', and begins with neither of these two");
        }
        if (fields.isEmpty() || fields.size() > MAX_FIELDS) {
            throw new IllegalArgumentException("an index has 1 to " + MAX_FIELDS + " fields, not " + fields.size());
        }
        Set<FieldPath> paths = new HashSet<>();
        for (Field field : fields) {
            if (!paths.add(field.path())) {
                throw new IllegalArgumentException("the field " + field.path() + " stands twice in the index");
            }
        }
        if (id < 0 || where.length() > MAX_WHERE_LENGTH) {
            throw new IllegalArgumentException("the condition of an index has at most " + MAX_WHERE_LENGTH + " characters");
        }
    }

    public IndexDefinition withId(int given) {
        return new IndexDefinition(given, name, fields, sparse, where);
    }

    public void write(ByteWriter out) {
        out.writeVarInt(id).writeString(name).writeVarInt(fields.size());
        fields.forEach(field -> out.writeString(field.toString()));
        out.writeBoolean(sparse).writeString(where);
    }

    public static IndexDefinition read(ByteReader in) {
        int id = in.readVarInt();
        String name = in.readString();
        List<Field> fields = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            fields.add(Field.parse(in.readString()));
        }
        return new IndexDefinition(id, name, fields, in.readBoolean(), in.readString());
    }
}
