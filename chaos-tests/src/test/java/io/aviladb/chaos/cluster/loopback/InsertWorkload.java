package io.aviladb.chaos.cluster.loopback;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Documents are inserted in all regions. At the end each region lists every acknowledged one once, and nothing that was refused. */
final class InsertWorkload extends Workload {
    private final AtomicLong ids = new AtomicLong();

    InsertWorkload(List<CollectionRest> regions) {
        super("insert", regions);
    }

    @Override
    List<String> checkers() {
        return List.of("set");
    }

    @Override
    Client client(int number, Random random) {
        Recorder.Client told = recorder.client(Map.of());
        return () -> {
            CollectionRest region = regions.get(random.nextInt(regions.size()));
            long id = ids.incrementAndGet();
            told.invoke("add", Edn.of(id));
            switch (Answered.of(region.rest(), "POST", region.documents(), "{\"id\":\"e" + id + "\",\"userId\":\"e" + id + "\"}",
                    Map.of())) {
                case Answered.Done done -> told.ok(Edn.of(id), Map.of());
                case Answered.Refused(ErrorCode code) -> told.fail(code.code());
                case Answered.Unknown(String why) -> told.info(why);
            }
        };
    }

    @Override
    void last() {
        for (CollectionRest region : regions) {
            Recorder.Client told = recorder.client(Map.of("final?", new Edn.Bool(true)));
            told.invoke("read", Edn.NIL);
            told.ok(new Edn.Vector(region.ids().stream().map(id -> Edn.of(Long.parseLong(id.substring(1)))).toList()), Map.of());
        }
    }
}
