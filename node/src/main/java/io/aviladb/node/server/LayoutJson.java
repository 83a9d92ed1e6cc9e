package io.aviladb.node.server;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.GroupDescriptor.Member;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The layout as JSON. A member's Raft address stands once, with its node. */
final class LayoutJson {
    static final int FORMAT = 1;

    private LayoutJson() {
    }

    static byte[] write(ClusterLayout layout) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("formatVersion", number(FORMAT));
        members.put("clusterId", text(layout.clusterId()));
        members.put("name", text(layout.name()));
        members.put("secret", text(Base64.getEncoder().encodeToString(layout.secret())));
        members.put("regions", array(layout.regions(), LayoutJson::region));
        members.put("nodes", array(layout.nodes(), LayoutJson::node));
        members.put("groups", array(layout.groups(), LayoutJson::group));
        return new JsonObject(members).toJsonBytes();
    }

    private static JsonValue region(ClusterLayout.Region region) {
        return JsonObject.of("region", text(region.region())).with("incarnation", number(region.incarnation().number()));
    }

    private static JsonValue node(ClusterLayout.Node node) {
        return JsonObject.of("node", text(node.node())).with("rpcAddress", text(node.rpcAddress()))
                .with("raftAddress", text(node.raftAddress())).with("endpoint", text(node.endpoint()));
    }

    private static JsonValue group(GroupDescriptor group) {
        return JsonObject.of("number", number(group.number())).with("kind", text(group.kind()))
                .with("members", array(group.members(), member -> text(member.node())))
                .with("preferredLeader", text(group.preferredLeader()));
    }

    static ClusterLayout read(byte[] json) {
        try {
            JsonObject layout = object(JsonParser.parse(json));
            int format = integer(layout, "formatVersion");
            if (format > FORMAT) {
                throw new LayoutFormatException("the cluster's layout has format " + format + ", and this software reads formats up to "
                        + FORMAT + ": start the version that wrote it, or a newer one");
            }
            List<ClusterLayout.Node> nodes = list(layout, "nodes", LayoutJson::readNode);
            return new ClusterLayout(UUID.fromString(string(layout, "clusterId")), string(layout, "name"),
                    Base64.getDecoder().decode(string(layout, "secret")), list(layout, "regions", LayoutJson::readRegion), nodes,
                    list(layout, "groups", group -> readGroup(object(group), nodes)));
        } catch (AvilaError | IllegalArgumentException e) {
            throw new LayoutFormatException("the cluster's layout is damaged: " + e.getMessage(), e);
        }
    }

    private static ClusterLayout.Region readRegion(JsonValue value) {
        JsonObject region = object(value);
        return new ClusterLayout.Region(new RegionId(string(region, "region")), new RegionIncarnation(integer(region, "incarnation")));
    }

    private static ClusterLayout.Node readNode(JsonValue value) {
        JsonObject node = object(value);
        return new ClusterLayout.Node(NodeId.parse(string(node, "node")), string(node, "rpcAddress"), string(node, "raftAddress"),
                string(node, "endpoint"));
    }

    private static GroupDescriptor readGroup(JsonObject group, List<ClusterLayout.Node> nodes) {
        List<Member> members = list(group, "members", member -> {
            NodeId id = NodeId.parse(string(member));
            return nodes.stream().filter(node -> node.node().equals(id)).findFirst().map(node -> new Member(id, node.raftAddress()))
                    .orElseThrow(() -> new IllegalArgumentException("member " + id + " is no node"));
        });
        return new GroupDescriptor(integer(group, "number"), GroupDescriptor.Kind.valueOf(string(group, "kind")), members,
                NodeId.parse(string(group, "preferredLeader")));
    }

    private static JsonValue text(Object value) {
        return new JsonString(value.toString());
    }

    private static JsonValue number(int value) {
        return JsonNumber.of(value);
    }

    private static <T> JsonValue array(List<T> values, Function<T, JsonValue> write) {
        List<JsonValue> elements = new ArrayList<>();
        values.forEach(value -> elements.add(write.apply(value)));
        return new JsonArray(elements);
    }

    private static JsonObject object(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("an object is expected where " + value + " stands");
    }

    private static String string(JsonValue value) {
        if (value instanceof JsonString string) {
            return string.value();
        }
        throw new IllegalArgumentException("a string is expected where " + value + " stands");
    }

    private static JsonValue member(JsonObject object, String name) {
        return object.get(name).orElseThrow(() -> new IllegalArgumentException("'" + name + "' is missing"));
    }

    private static String string(JsonObject object, String name) {
        return string(member(object, name));
    }

    private static int integer(JsonObject object, String name) {
        if (member(object, name) instanceof JsonNumber number) {
            long value = number.toLong().orElse(-1);
            if (value >= 0 && value <= Integer.MAX_VALUE) {
                return (int) value;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not a number from 0 to " + Integer.MAX_VALUE);
    }

    private static <T> List<T> list(JsonObject object, String name, Function<JsonValue, T> read) {
        if (member(object, name) instanceof JsonArray array) {
            return array.elements().stream().map(read).toList();
        }
        throw new IllegalArgumentException("'" + name + "' is not an array");
    }
}
