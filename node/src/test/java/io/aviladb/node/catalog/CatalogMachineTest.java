package io.aviladb.node.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.DefineRequest.AlterCollection;
import io.aviladb.proto.node.DefineRequest.Confirm;
import io.aviladb.proto.node.DefineRequest.CreateCollection;
import io.aviladb.proto.node.DefineRequest.CreateDatabase;
import io.aviladb.proto.node.DefineRequest.DropCollection;
import io.aviladb.proto.node.DefineRequest.DropDatabase;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogMachineTest {
    private static final PartitionStrategy BY_CITY = PartitionStrategy.single(FieldPath.parse("/address/city"));
    private static final MergePolicyDefinition LWW = MergePolicyDefinition.DEFAULT;

    @TempDir
    Path directory;

    private final SharedEngine shared = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
    private final CatalogMachine catalog = new CatalogMachine(shared);
    private long index;

    @BeforeEach
    void open() throws IOException {
        assertThat(catalog.open(directory.resolve("db"))).isEqualTo(LogPosition.START);
    }

    @AfterEach
    void close() {
        catalog.close();
        shared.close();
    }

    private Object apply(DefineRequest request) {
        return catalog.apply(new LogPosition(1, ++index), CatalogMachine.encode(request), null);
    }

    private void refused(ErrorCode code, DefineRequest request) {
        CatalogState before = catalog.state();
        assertThat(apply(request)).isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(code));
        assertThat(catalog.state()).isEqualTo(before);
    }

    private static MergePolicyDefinition counter(String path) {
        TreeMap<FieldPath, MergePolicyDefinition.FieldType> fields = new TreeMap<>();
        fields.put(FieldPath.parse(path), MergePolicyDefinition.FieldType.COUNTER);
        return new MergePolicyDefinition(fields);
    }

    private void createShop() {
        assertThat(apply(new CreateDatabase("shop"))).isEqualTo(new DefineReply(1));
        assertThat(apply(new CreateCollection("shop", "orders", BY_CITY, LWW))).isEqualTo(new DefineReply(2));
    }

    @Test
    void eachChangeRaisesTheVersionAndMarksItsCollection() {
        createShop();
        assertThat(apply(new CreateCollection("shop", "carts", new PartitionStrategy.Synthetic(8), LWW))).isEqualTo(new DefineReply(3));
        assertThat(apply(new AlterCollection("shop", "orders", counter("/items")))).isEqualTo(new DefineReply(4));
        assertThat(catalog.state().databases()).containsExactly("shop");
        assertThat(catalog.state().collections()).containsExactly(
                new CollectionDefinition(1, "shop", "orders", BY_CITY, LWW, 2).withPolicy(counter("/items"), 4),
                new CollectionDefinition(2, "shop", "carts", new PartitionStrategy.Synthetic(8), LWW, 3));
        assertThat(apply(new AlterCollection("shop", "orders", counter("/items")))).as("nothing to alter").isEqualTo(new DefineReply(4));
    }

    @Test
    void earlierPoliciesStayAndTheirNumberIsLimited() {
        createShop();
        for (int i = 1; i < PolicyHistory.MAX; i++) {
            apply(new AlterCollection("shop", "orders", i % 2 == 0 ? LWW : counter("/items")));
        }
        PolicyHistory policies = catalog.state().collections().get(0).policies();
        assertThat(policies.number()).isEqualTo(PolicyHistory.MAX - 1);
        assertThat(policies.at(0)).isEqualTo(policies.at(2)).isEqualTo(LWW);
        assertThat(policies.current()).isEqualTo(counter("/items"));
        assertThat(CatalogState.decode(catalog.state().encode())).isEqualTo(catalog.state());
        refused(ErrorCode.INVALID_MERGE_POLICY, new AlterCollection("shop", "orders", LWW));
    }

    @Test
    void confirmationChangesNothingAndAnswersTheVersion() {
        createShop();
        CatalogState before = catalog.state();
        assertThat(apply(new Confirm())).isEqualTo(new DefineReply(2));
        assertThat(catalog.state()).isSameAs(before);
    }

    @Test
    void collectionMadeAgainHasAnotherId() {
        createShop();
        apply(new DropCollection("shop", "orders"));
        assertThat(catalog.state().collections()).isEmpty();
        apply(new CreateCollection("shop", "orders", BY_CITY, LWW));
        assertThat(catalog.state().find("shop", "orders").orElseThrow().id()).isEqualTo(2);
    }

    @Test
    void refusalsAreAnswersAndChangeNothing() {
        createShop();
        refused(ErrorCode.DATABASE_EXISTS, new CreateDatabase("shop"));
        refused(ErrorCode.INVALID_NAME, new CreateDatabase("Shop"));
        refused(ErrorCode.DATABASE_NOT_FOUND, new DropDatabase("bank"));
        refused(ErrorCode.DATABASE_NOT_EMPTY, new DropDatabase("shop"));
        refused(ErrorCode.DATABASE_NOT_FOUND, new CreateCollection("bank", "orders", BY_CITY, LWW));
        refused(ErrorCode.INVALID_NAME, new CreateCollection("shop", "_orders", BY_CITY, LWW));
        refused(ErrorCode.COLLECTION_EXISTS, new CreateCollection("shop", "orders", BY_CITY, LWW));
        refused(ErrorCode.COLLECTION_NOT_FOUND, new AlterCollection("shop", "carts", LWW));
        refused(ErrorCode.COLLECTION_NOT_FOUND, new DropCollection("shop", "carts"));
        refused(ErrorCode.DATABASE_NOT_FOUND, new DropCollection("bank", "orders"));
    }

    @Test
    void whatDecidesAboutTheKeyIsNoCounter() {
        createShop();
        for (String path : List.of("/id", "/id/x", "/address/city", "/address", "/address/city/code")) {
            refused(ErrorCode.INVALID_MERGE_POLICY, new CreateCollection("shop", "carts", BY_CITY, counter(path)));
            refused(ErrorCode.INVALID_MERGE_POLICY, new AlterCollection("shop", "orders", counter(path)));
        }
        assertThatThrownBy(() -> counter("")).as("the whole document has no type").isInstanceOf(IllegalArgumentException.class);
        assertThat(apply(new AlterCollection("shop", "orders", counter("/address/visits")))).isEqualTo(new DefineReply(3));
    }

    @Test
    void emptyDatabaseCanBeDropped() {
        createShop();
        apply(new DropCollection("shop", "orders"));
        assertThat(apply(new DropDatabase("shop"))).isEqualTo(new DefineReply(4));
        assertThat(catalog.state().databases()).isEmpty();
    }

    @Test
    void stateAndPositionSurviveClosing() throws IOException {
        createShop();
        refused(ErrorCode.DATABASE_EXISTS, new CreateDatabase("shop"));
        catalog.advance(new LogPosition(2, ++index));
        catalog.advance(new LogPosition(1, 1)); // late news move nothing back
        CatalogState before = catalog.state();
        catalog.close();
        CatalogMachine again = new CatalogMachine(shared);
        assertThat(again.open(directory.resolve("db"))).isEqualTo(new LogPosition(2, 4));
        assertThat(again.state()).isEqualTo(before);
        again.close();
    }

    @Test
    void checkpointEqualsTheState() throws IOException {
        Path empty = directory.resolve("empty");
        assertThat(catalog.checkpoint(empty)).isEqualTo(LogPosition.START);
        createShop();
        Path copy = directory.resolve("copy");
        assertThat(catalog.checkpoint(copy)).isEqualTo(new LogPosition(1, 2));
        CatalogState then = catalog.state();
        byte[] hash = catalog.stateHash();
        apply(new CreateDatabase("bank"));
        CatalogMachine copied = new CatalogMachine(shared);
        assertThat(copied.open(copy)).isEqualTo(new LogPosition(1, 2));
        assertThat(copied.state()).isEqualTo(then);
        assertThat(copied.stateHash()).isEqualTo(hash).isNotEqualTo(catalog.stateHash());
        copied.close();
    }

    @Test
    void listenersHearChangesAndNothingElse() throws IOException {
        List<Long> heard = new ArrayList<>();
        var registration = catalog.onChange(() -> heard.add(catalog.state().version()));
        createShop();
        apply(new Confirm());
        apply(new CreateDatabase("shop"));
        assertThat(heard).containsExactly(1L, 2L);
        registration.close();
        apply(new CreateDatabase("bank"));
        assertThat(heard).containsExactly(1L, 2L);
    }

    @Test
    void listenersHearOfTheStateThatAnInstalledSnapshotBrings() throws IOException {
        createShop();
        catalog.checkpoint(directory.resolve("copy"));
        CatalogMachine behind = new CatalogMachine(shared);
        List<Long> heard = new ArrayList<>();
        behind.onChange(() -> heard.add(behind.state().version()));
        behind.open(directory.resolve("copy"));
        assertThat(heard).containsExactly(2L);
        behind.close();
    }

    @Test
    void stateKeepsItsBytes() {
        createShop();
        assertThat(CatalogState.decode(catalog.state().encode())).isEqualTo(catalog.state());
        assertThat(CatalogState.decode(CatalogState.EMPTY.encode())).isEqualTo(CatalogState.EMPTY);
    }

    @Test
    void bytesThatAreNoDefinitionStopTheReplica() {
        assertThatThrownBy(() -> catalog.apply(new LogPosition(1, 1), new byte[]{99}, null)).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void changeIsOnDiskBeforeItIsAnswered() throws IOException {
        apply(new CreateDatabase("game"));
        Path crashed = directory.resolve("as-a-crash-leaves-it");
        copy(directory.resolve("db"), crashed);

        CatalogMachine again = new CatalogMachine(shared);
        assertThat(again.open(crashed)).isEqualTo(new LogPosition(1, 1));
        assertThat(again.state()).isEqualTo(catalog.state());
        again.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
