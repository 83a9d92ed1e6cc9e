package io.aviladb.core.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.PatchOperation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteUnitTest {
    private static final DocumentKey KEY = DocumentKey.of(3, new PartitionStrategy.Synthetic(10), List.of(), "é");
    private static final VersionVector VECTOR = VersionVector.of(new RegionIncarnation(2), new HybridTimestamp(77));
    private static final OperationId OPERATION = new OperationId(new byte[16], 9, new RegionIncarnation(1), new byte[16],
            new HybridTimestamp(5));

    private static WriteUnit unit() {
        JsonValue value = JsonNumber.of(1);
        List<PatchOperation> operations = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            FieldPath path = FieldPath.of("a/b", "~");
            operations.add(kind == Kind.MOVE
                    ? new PatchOperation(kind, path, FieldPath.of("c"), null)
                    : new PatchOperation(kind, path, null, kind == Kind.UNSET ? null : kind == Kind.SET ? JsonArray.of(value) : value));
        }
        List<DocumentWrite> writes = List.of(new DocumentWrite(KEY, Precondition.NONE, new Mutation.Put(new byte[]{'{', '}'})),
                new DocumentWrite(KEY, Precondition.INSERT, new Mutation.MergePatch(new byte[]{'{', '}'})),
                new DocumentWrite(KEY, Precondition.ABSENT, new Mutation.Patch(operations)),
                new DocumentWrite(KEY, Precondition.PRESENT, new Mutation.Delete()),
                new DocumentWrite(KEY, new Precondition.Matches(VECTOR), new Mutation.Delete()));
        RangeRef range = new RangeRef(4, 2);
        return new WriteUnit(List.of(range, range, range, range, range), writes, OPERATION, VECTOR);
    }

    @Test
    void aUnitIsReadFromItsBytes() {
        byte[] bytes = unit().toByteArray();
        ByteReader in = new ByteReader(bytes);
        WriteUnit back = WriteUnit.read(in);
        in.expectEnd();
        assertThat(back.toByteArray()).isEqualTo(bytes);
        assertThat(back.writes()).extracting(DocumentWrite::key).containsOnly(KEY);
        assertThat(back.writes().get(2).mutation()).isEqualTo(unit().writes().get(2).mutation());
        assertThat(back.writes().get(4).precondition()).isEqualTo(new Precondition.Matches(VECTOR));
        assertThat(back.token()).isEqualTo(VECTOR);
        assertThat(back.ranges()).isEqualTo(unit().ranges());
        assertThat(back.operation()).isNotNull().extracting(OperationId::sequence).isEqualTo(9L);
        WriteUnit alone = new WriteUnit(List.of(new RangeRef(1, 1)), unit().writes().subList(0, 1), null, VersionVector.EMPTY);
        assertThat(WriteUnit.read(new ByteReader(alone.toByteArray())).operation()).isNull();
    }

    @Test
    void aCutUnitIsFound() {
        byte[] bytes = unit().toByteArray();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> WriteUnit.read(new ByteReader(cut))).as("cut at %s", length)
                    .isInstanceOf(MalformedBytesException.class);
        }
    }

    @Test
    void answersAreReadFromTheirBytes() {
        UnitAnswer committed = new UnitAnswer.Committed(new Version(new HybridTimestamp(8), new RegionIncarnation(1)), 3, 2, 99,
                List.of(new UnitAnswer.DocumentAnswer(VECTOR, true, 20)));
        UnitAnswer refused = new UnitAnswer.Refused(ErrorCode.DOCUMENT_EXISTS, "why", 1, VECTOR);
        for (UnitAnswer answer : List.of(committed, refused)) {
            assertThat(UnitAnswer.read(new ByteReader(answer.toByteArray()))).isEqualTo(answer);
        }
    }
}
