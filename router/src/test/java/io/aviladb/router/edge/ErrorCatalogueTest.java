package io.aviladb.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.grpc.GrpcErrors;
import io.aviladb.router.edge.rest.Problems;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCatalogueTest {
    private static final Set<Integer> STATUSES = Set.of(400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 500, 501, 503, 504,
            507);

    @Test
    void numbersAreGivenOnce() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeSurvivesBothEncodings(ErrorCode code) throws InvalidProtocolBufferException {
        AvilaError error = new AvilaError(code, "found this");
        JsonObject problem = Problems.json(error, "r");
        assertThat(STATUSES).contains(code.httpStatus());
        assertThat(problem.get("status")).contains(JsonNumber.of(code.httpStatus()));
        assertThat(problem.get("code")).contains(new JsonString(code.code()));
        assertThat(problem.get("hint")).contains(new JsonString(code.fix()));
        assertThat(problem.get("retryable")).contains(JsonBoolean.of(code.retryable()));
        Status status = java.util.Objects.requireNonNull(StatusProto.fromThrowable(GrpcErrors.status(error, Map.of())));
        assertThat(Code.forNumber(status.getCode()).name()).isEqualTo(code.grpc().name());
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo(code.name());
        assertThat(info.getMetadataMap()).containsEntry("code", code.code()).containsEntry("hint", code.fix());
        boolean saysWhen = status.getDetailsList().stream().anyMatch(detail -> detail.is(RetryInfo.class));
        assertThat(saysWhen).isEqualTo(code.retryable());
    }

    /** {@code -Daviladb.docs.write=true} writes the page anew. */
    @Test
    void pageOfErrorsIsTheCatalogue() throws IOException {
        Path page = Path.of("..", "docs", "errors.md");
        if (Boolean.getBoolean("aviladb.docs.write")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, markdown());
        }
        assertThat(Files.readString(page)).isEqualTo(markdown());
    }

    private static String markdown() {
        StringBuilder out = new StringBuilder("""
                # Errors

                Written from `io.aviladb.core.error.ErrorCode` by `ErrorCatalogueTest` (`-Daviladb.docs.write=true`).
                REST answers `application/problem+json` with `code`; gRPC an `ErrorInfo` with the same. *Applied* says what may be
                concluded of a write.

                | Code | Name | HTTP | gRPC | Retry | Applied | Cause | Fix |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
        Arrays.stream(ErrorCode.values()).sorted(java.util.Comparator.comparing(ErrorCode::number))
                .forEach(code -> out.append("| ").append(code.code()).append(" | ").append(code).append(" | ").append(code.httpStatus())
                        .append(" | ").append(code.grpc()).append(" | ").append(code.retryable() ? "yes" : "no").append(" | ")
                        .append(code.outcome() == ErrorCode.Outcome.NOT_APPLIED ? "no" : "maybe").append(" | ")
                        .append(code.explanation().replace("|", "\\|")).append(" | ").append(code.fix().replace("|", "\\|"))
                        .append(" |\n"));
        return out.toString();
    }
}
