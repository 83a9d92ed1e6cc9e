package io.aviladb.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void numbersAreGivenOnceAndFoundAgain() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.ofNumber(code.number())).contains(code);
            assertThat(code.code()).matches("AVL-[1-9]\\d{3}");
        }
        assertThat(ErrorCode.ofNumber(1)).isEmpty();
    }

    @Test
    void everyCodeHasACauseAndAFix() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(code.explanation()).as(code.name()).isNotBlank().endsWith(".");
            assertThat(code.fix()).as(code.name()).isNotBlank();
        }
    }

    @Test
    void statusesAreThoseOfTheProductPage() {
        List<Integer> known = List.of(400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 500, 501, 503, 504, 507);
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(known).as(code.name()).contains(code.httpStatus());
            assertThat(code.number() / 1000).as(code.name()).isBetween(1, 9);
        }
    }

    @Test
    void whatCanBeRetriedSaysWhen() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(new AvilaError(code, "x").retryAfterMillis() > 0).as(code.name()).isEqualTo(code.retryable());
        }
    }
}
