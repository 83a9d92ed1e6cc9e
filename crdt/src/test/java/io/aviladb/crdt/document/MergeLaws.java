package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.Document;
import java.util.List;

/** The laws that every merge keeps: commutative, associative, idempotent, and the same bytes for the same set. */
final class MergeLaws {
    private MergeLaws() {
    }

    static void check(String why, List<LiveVersions> states, PolicyHistory policies) {
        for (LiveVersions x : states) {
            assertThat(x.join(x)).as(why).isEqualTo(x);
            for (LiveVersions y : states) {
                LiveVersions xy = x.join(y);
                assertThat(y.join(x)).as(why).isEqualTo(xy);
                assertThat(xy.join(y)).as(why).isEqualTo(xy);
                assertThat(xy.vector()).as(why).isEqualTo(x.vector().join(y.vector()));
                assertThat(bytes(y.join(x), policies)).as(why).isEqualTo(bytes(xy, policies));
                for (LiveVersions z : states) {
                    LiveVersions left = xy.join(z);
                    LiveVersions right = x.join(y.join(z));
                    assertThat(left).as(why).isEqualTo(right);
                    assertThat(bytes(left, policies)).as(why).isEqualTo(bytes(right, policies));
                }
            }
        }
    }

    static String bytes(LiveVersions versions, PolicyHistory policies) {
        return versions.read(policies).map(Document::toString).orElse("deleted");
    }
}
