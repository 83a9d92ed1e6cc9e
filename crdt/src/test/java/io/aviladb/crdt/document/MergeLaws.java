package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.Document;
import java.util.List;

/** The laws that every merge keeps: commutative, associative, idempotent, and the same bytes for the same set. */
final class MergeLaws {
    private MergeLaws() {
    }

    static void check(String why, List<LiveVersions> states) {
        for (LiveVersions x : states) {
            assertThat(x.join(x)).as(why).isEqualTo(x);
            for (LiveVersions y : states) {
                LiveVersions xy = x.join(y);
                assertThat(y.join(x)).as(why).isEqualTo(xy);
                assertThat(xy.join(y)).as(why).isEqualTo(xy);
                assertThat(xy.vector()).as(why).isEqualTo(x.vector().join(y.vector()));
                assertThat(bytes(y.join(x))).as(why).isEqualTo(bytes(xy));
                for (LiveVersions z : states) {
                    LiveVersions left = xy.join(z);
                    LiveVersions right = x.join(y.join(z));
                    assertThat(left).as(why).isEqualTo(right);
                    assertThat(bytes(left)).as(why).isEqualTo(bytes(right));
                }
            }
        }
    }

    static String bytes(LiveVersions versions) {
        return versions.read(Replica.POLICY).map(Document::toString).orElse("deleted");
    }
}
