package io.aviladb.router.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final VersionVector SEEN = VersionVector.of(new RegionIncarnation(1), new HybridTimestamp(77))
            .join(VersionVector.of(new RegionIncarnation(3), new HybridTimestamp(99)));
    private final SessionTokens tokens = new SessionTokens(() -> new byte[]{1, 2, 3});

    @Test
    void sessionComesBack() {
        assertThat(tokens.session(tokens.session(SEEN))).isEqualTo(SEEN);
        assertThat(tokens.session(tokens.session(VersionVector.EMPTY))).isEqualTo(VersionVector.EMPTY);
    }

    @Test
    void eachOfManySessionsIsItsOwnAndNoneOutlivesItsSecret() {
        byte[][] secret = {{1}};
        SessionTokens changing = new SessionTokens(() -> secret[0]);
        for (int round = 0; round < 2; round++) {
            for (int stamp = 1; stamp <= 5_000; stamp++) {
                VersionVector seen = VersionVector.of(new RegionIncarnation(1), new HybridTimestamp(stamp));
                assertThat(changing.session(changing.session(seen))).isEqualTo(seen);
            }
        }
        String token = changing.session(SEEN);
        changing.session(token);
        secret[0] = new byte[]{2};
        assertThatThrownBy(() -> changing.session(token)).isInstanceOf(AvilaError.class);
        assertThat(changing.session(SEEN)).isNotEqualTo(token);
    }

    @Test
    void everyChangeOfATokenIsSeen() {
        String token = tokens.session(SEEN);
        assertThat(tokens.session(token)).isEqualTo(SEEN);
        for (int i = 0; i < token.length() - 1; i++) {
            String changed = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertInvalid(changed);
        }
        assertInvalid("");
        assertInvalid("!");
        assertInvalid(new SessionTokens(() -> new byte[]{9}).session(SEEN));
        assertInvalid(tokens.continuation(new SessionTokens.Continuation(5, new DocumentKey(new byte[]{0, 0, 0, 1}))));
    }

    private void assertInvalid(String token) {
        assertThatThrownBy(() -> tokens.session(token))
                .isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_SESSION));
    }

    @Test
    void continuationBelongsToItsListing() {
        DocumentKey key = new DocumentKey(new byte[]{0, 0, 0, 1, 5});
        String token = tokens.continuation(new SessionTokens.Continuation(5, key));
        assertThat(tokens.continuation(token, 5)).isEqualTo(key);
        assertThatThrownBy(() -> tokens.continuation(token, 6)).isInstanceOf(AvilaError.class);
    }

    @Test
    void entityTagStandsForTheState() {
        assertThat(EntityTag.parse(EntityTag.quoted(SEEN))).contains(SEEN);
        assertThat(EntityTag.parse(EntityTag.of(SEEN))).contains(SEEN);
        for (String garbage : new String[]{"", "\"\"", "\"abc\"", "W/" + EntityTag.quoted(SEEN), EntityTag.of(SEEN) + "AA"}) {
            assertThat(EntityTag.parse(garbage)).as(garbage).isEmpty();
        }
    }
}
