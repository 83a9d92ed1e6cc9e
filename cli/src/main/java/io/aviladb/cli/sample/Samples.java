package io.aviladb.cli.sample;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.config.NearestName;
import java.util.List;

/** The sample data sets. */
public final class Samples {
    public static final List<SampleData> ALL = List.of(new Players(), new Cities());

    private Samples() {
    }

    /** @throws CommandFailure a usage error that names the nearest */
    public static SampleData named(String name) {
        for (SampleData data : ALL) {
            if (data.name().equals(name)) {
                return data;
            }
        }
        throw CommandFailure.usage("there is no sample data set '" + name + "'",
                NearestName.didYouMean(name, ALL.stream().map(SampleData::name).toList()));
    }
}
