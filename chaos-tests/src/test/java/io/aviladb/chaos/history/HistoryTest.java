package io.aviladb.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
    private static final String WRITE = "{:index 0, :type :invoke, :process 0, :f :write, :value [\"x\" 1], :time 0}\n";

    @Test
    void everyKindOfValueSurvivesWritingAndReading() {
        String text = "[nil 1 -2 true false \"a\\\"\\\\\\n\\tü\" :k/a? [[]] {0 {:a #{1 2}}, :b nil} #{}]";
        Edn value = EdnReader.readAll(text).getFirst();
        assertThat(EdnReader.readAll(value.text())).containsExactly(value);
        assertThat(value.items()).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "\"a", "{:a}", "{:a 1 :a 2}", "#{1 1}", "#inst \"a\"", "1.5", "symbol", ":", "\"\\q\"", "]"})
    void whatIsNotReadIsRefused(String text) {
        assertThatThrownBy(() -> EdnReader.readAll(text)).isInstanceOf(MalformedHistoryException.class).hasMessageContaining("line 1");
    }

    @Test
    void commentsAndCommasAreBlanks() {
        assertThat(EdnReader.readAll(";; a\n1,,2 ; b")).containsExactly(Edn.of(1), Edn.of(2));
    }

    @Test
    void aHistorySurvivesWritingAndReading() {
        String text = WRITE + "{:index 1, :type :ok, :process 0, :f :write, :value [\"x\" 1], :time 5, :hlc 20}\n"
                + "{:index 2, :type :info, :process :nemesis, :f :cut, :value {:from [0]}, :time 7}\n";
        History history = History.parse(text);
        assertThat(history.text()).isEqualTo(text);
        assertThat(history.operations()).singleElement().satisfies(operation -> {
            assertThat(operation.ok()).isTrue();
            assertThat(operation.hlc()).contains(20L);
        });
        assertThat(history.faults()).hasSize(1);
    }

    @Test
    void anOperationWithoutAnswerIsUnknown() {
        assertThat(History.parse(WRITE).operations().getFirst().outcome()).isEqualTo(Operation.Outcome.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{:index 0, :type :ok, :process 0, :f :write, :value 1, :time 1}", // the index doesn't ascend
            "{:index 1, :type :ok, :process 0, :f :write, :value 1, :time -1}", // time goes back
            "{:index 1, :type :invoke, :process 0, :f :write, :value 1, :time 1}", // overlaps
            "{:index 1, :type :ok, :process 1, :f :write, :value 1, :time 1}", // completes nothing
            "{:index 1, :type :ok, :process 0, :f :read, :value 1, :time 1}", // completes something else
            "{:index 1, :type :ok, :process \"0\", :f :write, :value 1, :time 1}", // no process
            "{:index 1, :type :maybe, :process 0, :f :write, :value 1, :time 1}", // no type
            "{:index 1, :type :ok, :process 0, :f :write, :time 1}", // no value
            "{:index 1, :type :info, :process 0, :f :write, :value 1, :time 1}\n"
                    + "{:index 2, :type :invoke, :process 0, :f :write, :value 1, :time 2}", // used again
    })
    void wrongBookkeepingIsRefused(String next) {
        assertThatThrownBy(() -> History.parse(WRITE + next)).isInstanceOf(MalformedHistoryException.class);
    }

    @Test
    void aClientGoesOnUnderAnotherProcessAfterAnUnknownOutcome() {
        Recorder recorder = new Recorder();
        Recorder.Client client = recorder.client(Map.of("level", Edn.keyword("strong")));
        client.invoke("add", Edn.of(1));
        client.info("timeout");
        client.invoke("add", Edn.of(2));
        client.fail("mismatch");
        List<Operation> operations = recorder.history().operations();
        assertThat(operations).extracting(Operation::process).doesNotHaveDuplicates();
        assertThat(operations).extracting(Operation::outcome).containsExactly(Operation.Outcome.UNKNOWN, Operation.Outcome.FAILED);
        assertThat(operations.getFirst().note("level")).contains(Edn.keyword("strong"));
    }

    @Test
    void aClientHasOneOperationOpen() {
        Recorder.Client client = new Recorder().client(Map.of());
        assertThatThrownBy(() -> client.fail("mismatch")).isInstanceOf(IllegalStateException.class);
        client.invoke("add", Edn.of(1));
        assertThatThrownBy(() -> client.invoke("add", Edn.of(2))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatManyThreadsRecordIsWellFormed() throws InterruptedException {
        Recorder recorder = new Recorder();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 8).mapToObj(n -> Thread.ofVirtual().start(() -> {
            Recorder.Client client = recorder.client(Map.of());
            await(start);
            for (int i = 0; i < 500; i++) {
                client.invoke("add", Edn.of(i));
                client.ok(Edn.of(i), Map.of());
            }
        })).toList();
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(recorder.history().operations()).hasSize(4_000).allMatch(Operation::ok); // lint has judged order and pairs
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
