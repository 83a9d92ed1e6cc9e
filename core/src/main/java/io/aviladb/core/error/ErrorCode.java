package io.aviladb.core.error;

import java.util.Optional;

/**
 * The one catalogue of errors: what REST and gRPC answer, what the command line explains. Numbers are never given twice. Families: 1 request,
 * 2 document, 3 query, 4 authentication, 5 cluster and region, 6 storage, 7 stream, 8 backup, 9 internal.
 */
public enum ErrorCode {
    MALFORMED_REQUEST(1001, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The request is not what this operation takes.",
            "Compare it with the operation's description in the OpenAPI file (GET /v1/openapi.json)."),
    UNKNOWN_ROUTE(1002, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "No operation has this path.",
            "GET /v1/openapi.json lists the paths."),
    METHOD_NOT_ALLOWED(1003, 405, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The path exists, but not with this method.",
            "GET /v1/openapi.json lists the methods of each path."),
    REQUEST_TOO_LARGE(1004, 413, Grpc.OUT_OF_RANGE, Outcome.NOT_APPLIED,
            "The request's body has more bytes than the operation takes.",
            "Send fewer documents in a batch (16 MB; atomic 4 MB)."),
    UNSUPPORTED_ENCODING(1005, 415, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The body's type or encoding is not known here.",
            "Send application/json or application/msgpack, plain or compressed with br, gzip or zstd."),
    NOT_IMPLEMENTED(1006, 501, Grpc.UNIMPLEMENTED, Outcome.NOT_APPLIED,
            "This server doesn't do this yet.",
            "Leave the option out, or use a release that has it."),
    INVALID_HEADER(1007, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "A request header has a value that it can't have.",
            "Compare the header with the product page."),
    INVALID_CONTINUATION(1008, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The continuation token is not one that was given out here.",
            "Begin the listing again without a token."),
    INVALID_SESSION(1009, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The session token is damaged, or of another cluster.",
            "Begin a new session without a token."),
    TOO_MANY_DOCUMENTS(1010, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "A batch has 1 to 100 documents.",
            "Split the batch."),
    BATCH_SPANS_GROUPS(1011, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "An atomic batch needs all its keys in one group.",
            "Send documents of one range together, or leave 'atomic' out."),
    CONFIRMATION_REQUIRED(1012, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "A change of many documents came without a condition.",
            "Name a condition in 'where', or confirm with \"confirm\": \"ALL\"."),
    INVALID_NAME(1013, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "A name matches [a-z0-9][a-z0-9_-]{0,62}.",
            "Use lower-case letters, digits, '-' and '_'; begin with a letter or a digit."),
    IDEMPOTENCY_MISMATCH(1014, 422, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The idempotency key was used before, with another body.",
            "Use a new key for a new operation, and the same body for a retry."),
    INVALID_MERGE_POLICY(1015, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The merge policy is not one that this server knows.",
            "Use {\"default\": \"lww\", \"fields\": {\"/path\": \"counter\"}, \"deletes\": \"later\"}; docs/merging.md lists the types."),
    INVALID_PARTITION_STRATEGY(1016, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The partition key's declaration is not valid.",
            "Use \"/field\", or {\"strategy\": \"hierarchical\", \"fields\": [\"/a\", \"/b\"]}, or {\"strategy\": \"synthetic\", \"partitions\": 100}."),
    INVALID_SCHEMA(1025, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The collection's schema is not a JSON Schema that this server supports.",
            "Use JSON Schema 2020-12, or {\"jsonSchema\": {...}, \"level\": \"strict\", \"action\": \"error\"}; docs/schema.md lists the keywords."),
    INVALID_TTL(1026, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The collection's time to live is not one.",
            "Use seconds, or {\"seconds\": 3600, \"field\": \"/expires\"}; docs/ttl.md."),
    MALFORMED_JSON(2001, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The body is not JSON.",
            "Correct it at the position given."),
    DUPLICATE_MEMBER(2002, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "An object names a member twice.",
            "Remove one of the two."),
    TOO_DEEP(2003, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "Values nest at most 128 deep.",
            "Flatten the document."),
    NOT_AN_OBJECT(2004, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "A document is a JSON object.",
            "Put the value into a member of an object."),
    DOCUMENT_TOO_LARGE(2005, 413, Grpc.OUT_OF_RANGE, Outcome.NOT_APPLIED,
            "A document has at most 4,194,304 bytes of canonical JSON.",
            "Split the document, or keep large values elsewhere."),
    RESERVED_NAME(2006, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "Members that begin with '_' are the system's.",
            "Rename the member."),
    INVALID_ID(2007, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "An id is a string of 1 to 1,023 bytes.",
            "Shorten it, or leave it out to have one made."),
    MISSING_PARTITION_FIELD(2008, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The partition key is incomplete.",
            "Give the named field in the document, or partitionKey=[...] in the request."),
    INVALID_PARTITION_KEY(2009, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The partition key has the wrong levels, a type that can't be a key, or too many bytes.",
            "Give one string, number or boolean for each level."),
    KEY_CONTRADICTION(2010, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The body's id or partition key is not the URL's.",
            "Make them equal, or leave them out of the body."),
    PARTITION_KEY_IMMUTABLE(2011, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The id and the partition key of a document don't change.",
            "Delete the document and insert it under the new key."),
    INVALID_PATCH(2012, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "A patch operation is malformed, or doesn't fit the value at its path.",
            "Compare it with: set, unset, inc, max, min, append, addToSet, remove, move."),
    DOCUMENT_NOT_FOUND(2013, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "No document has this key.",
            "Check id and partition key; list with a prefix to see what is there."),
    DOCUMENT_EXISTS(2014, 409, Grpc.ALREADY_EXISTS, Outcome.NOT_APPLIED,
            "A document with this id exists in the partition.",
            "Use PUT to replace it, or another id."),
    PRECONDITION_FAILED(2015, 412, Grpc.FAILED_PRECONDITION, Outcome.NOT_APPLIED,
            "The document is not in the state that the request asked for.",
            "Read it again, and retry with its ETag."),
    FIELD_TYPE_MISMATCH(2016, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The value or the operation doesn't fit the type that the merge policy gives the field.",
            "Compare the collection's mergePolicy: docs/merging.md says what each type takes."),
    CONFLICT_NOT_FOUND(2030, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "No record of such a conflict is kept here.",
            "GET .../conflicts lists what is kept. Records go after 7 days, and where later writes of both sides conflict, in favour of theirs."),
    VERSION_NOT_FOUND(2031, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The document has no such version here.",
            "GET .../versions lists what is kept; a version that another region wrote may still be on its way."),
    VERSION_EXPIRED(2032, 410, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The version was there, and is no longer kept.",
            "GET .../versions lists what is kept. The sides of a recorded conflict are kept with its record."),
    CONFLICT_SETTLED(2033, 409, Grpc.ABORTED, Outcome.NOT_APPLIED,
            "The conflict isn't open any more: somebody has written the document after having seen it, or other versions have come.",
            "List the document's conflicts and versions again. {\"restore\": version} brings a version back whatever has been written since."),
    DOCUMENT_IN_CONFLICT(2034, 409, Grpc.FAILED_PRECONDITION, Outcome.NOT_APPLIED,
            "The document has versions side by side that somebody must resolve first: its collection merges by hand.",
            "GET .../versions lists them; POST .../resolve makes one of them."),
    SCHEMA_VIOLATION(2040, 422, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The document would break the collection's schema.",
            "Correct the values at the pointers given; GET .../collections/{coll} shows the schema."),
    QUERY_SYNTAX(3001, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The text is not a statement of the query language.",
            "Correct it at the line and column given; docs/query-language.md has the grammar."),
    QUERY_PARAMETER(3002, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The parameters are not those that the statement names, or one has a value that can't stand there.",
            "Give one value for each @name in the statement, and no others."),
    QUERY_INVALID(3003, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The statement is well formed, but can't mean anything.",
            "Correct the name, the arguments or the clause that the message names."),
    QUERY_TOO_COMPLEX(3004, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The statement is longer or deeper than the language allows.",
            "Shorten it; give long lists as one parameter: x IN @list."),
    QUERY_BUDGET(3005, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The query needs more memory than one query may have.",
            "Narrow it with WHERE or LIMIT, or group by fewer values."),
    MERGE_LAW_BROKEN(3006, 422, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The custom merge breaks a law, so that regions could read different documents.",
            "Compare with the documents given; GREATEST, LEAST and MERGE_UNION merge lawfully."),
    CHANGE_TOO_LARGE(3007, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The condition of an update or delete accepts more documents than it may change.",
            "Narrow the condition, or raise limit; preview tells how many there are."),
    DATABASE_NOT_FOUND(5001, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "No database has this name.",
            "Create it: POST /v1/databases {\"name\": ...}."),
    COLLECTION_NOT_FOUND(5002, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The database has no collection of this name.",
            "Create it: POST /v1/databases/{db}/collections {\"name\", \"partitionKey\"}."),
    NO_LEADER(5003, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "The owning group has no leader that answers.",
            "Wait for failover (usually under 5 s) and retry, or read with consistency 'eventual'."),
    DATABASE_EXISTS(5004, 409, Grpc.ALREADY_EXISTS, Outcome.NOT_APPLIED,
            "A database has this name.",
            "Use it, or choose another name."),
    COLLECTION_EXISTS(5005, 409, Grpc.ALREADY_EXISTS, Outcome.NOT_APPLIED,
            "The database has a collection of this name.",
            "Use it, or choose another name."),
    RANGE_MOVED(5006, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "The range moved while the request was under way.",
            "Retry; the router has learnt the new place."),
    INDETERMINATE(5007, 503, Grpc.UNAVAILABLE, Outcome.MAYBE_APPLIED,
            "The write may or may not have been applied: its leader was lost before it answered.",
            "Retry with the same Idempotency-Key, or read before writing again."),
    OVERLOADED(5008, 429, Grpc.RESOURCE_EXHAUSTED, Outcome.NOT_APPLIED,
            "More work is waiting than the node takes on.",
            "Retry after the stated time, with fewer requests at once."),
    TIMED_OUT(5009, 504, Grpc.DEADLINE_EXCEEDED, Outcome.MAYBE_APPLIED,
            "The request's time ran out before the answer came.",
            "Retry with the same Idempotency-Key, or allow more time with X-AvilaDB-Timeout."),
    CATALOG_UNAVAILABLE(5010, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "A majority of the catalog's replicas doesn't answer, so definitions can't change or be proven absent.",
            "Heal the connection to the other regions and retry. Data are still served."),
    SESSION_NOT_REACHED(5011, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "This region hasn't yet got what the session has seen.",
            "Retry after the stated time, or in the region where the session wrote."),
    REGION_UNREACHABLE(5012, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "A region that the request needs doesn't answer.",
            "Retry, or allow a partial answer."),
    NOT_READY(5013, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "The collection isn't yet served in this region.",
            "Retry shortly."),
    DATABASE_NOT_EMPTY(5014, 409, Grpc.ABORTED, Outcome.NOT_APPLIED,
            "The database still has collections.",
            "Delete its collections first."),
    CLOCK_QUARANTINED(5015, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "The node's clock is too far from the others' to stamp writes.",
            "Correct the node's clock."),
    FAULTS_DISABLED(5016, 403, Grpc.PERMISSION_DENIED, Outcome.NOT_APPLIED,
            "Fault injection is not enabled here.",
            "Set faults: true in node.yaml, or use aviladb dev."),
    UNKNOWN_REGION(5017, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The cluster has no region or node of this name.",
            "GET /v1/status lists regions and nodes."),
    DURABILITY_NOT_CONFIRMED(5018, 504, Grpc.DEADLINE_EXCEEDED, Outcome.MAYBE_APPLIED,
            "The write is committed in its region; the other regions that the durability asks for have not confirmed it in time.",
            "The write stands. GET /v1/receipts/{receipt} says which regions have it by now; a retry under the same operation id waits again."),
    STALENESS_NOT_MET(5019, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "This region hasn't yet got all that was written up to the bound that the read asks for.",
            "Retry, allow a larger X-AvilaDB-Max-Staleness, or read 'eventual'. GET /v1/status says how far each link is behind."),
    RANGE_BOUND_EXISTS(5030, 409, Grpc.ALREADY_EXISTS, Outcome.NOT_APPLIED,
            "A range begins at this key already.",
            "GET .../ranges lists the bounds; split at a key between two of them."),
    RANGE_BOUND_NOT_FOUND(5031, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "No range of the collection begins at this key.",
            "GET .../ranges lists the bounds; merge names the start of the right range of two."),
    RANGE_BUSY(5032, 409, Grpc.ABORTED, Outcome.NOT_APPLIED,
            "Another operation is changing the range.",
            "Wait until it is done: GET /v1/operations/{operation}."),
    RANGES_IN_TWO_GROUPS(5033, 409, Grpc.FAILED_PRECONDITION, Outcome.NOT_APPLIED,
            "The two ranges belong to two groups.",
            "Only neighbours in one group merge."),
    OPERATION_NOT_FOUND(5034, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "No operation of this name is known.",
            "Operations that ended are remembered for a while; ask in the region that began it."),
    RANGE_NOT_FOUND(5035, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The collection has no range of this number.",
            "GET .../ranges lists the ranges. A range that was merged is part of the one in front of it."),
    GROUP_NOT_FOUND(5036, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The region has no data group of this number.",
            "GET /v1/status lists the groups; GET .../ranges says which of them has each range."),
    NODE_ID_USED(5050, 409, Grpc.ALREADY_EXISTS, Outcome.NOT_APPLIED,
            "The node's id belongs to a node of the region, or did once.",
            "Take the next free number: an id is never used again, so that a node whose disk is empty isn't taken for the one that it was."),
    NODE_NOT_FOUND(5051, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The region has no such node.",
            "GET /v1/status lists the nodes; a node's id is written sa-east-1/4."),
    MEMBERS_BUSY(5052, 409, Grpc.ABORTED, Outcome.NOT_APPLIED,
            "Another node is coming to the region, or leaving it.",
            "Wait until that is done: GET /v1/operations/{operation}. Nodes come and go one at a time."),
    NODE_NEEDED(5053, 409, Grpc.FAILED_PRECONDITION, Outcome.NOT_APPLIED,
            "Without this node the region's groups would have fewer replicas.",
            "Add a node first; then this one can leave."),
    REGION_AT_RISK(5054, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "Another node of the region is down: moving replicas now could leave a group without a majority.",
            "Start the other node, or wait until it is back, and retry."),
    INDEX_NOT_FOUND(5040, 404, Grpc.NOT_FOUND, Outcome.NOT_APPLIED,
            "The collection has no index of this name.",
            "GET .../indexes lists what there is."),
    INDEX_EXISTS(5041, 409, Grpc.ALREADY_EXISTS, Outcome.NOT_APPLIED,
            "The collection has an index of this name.",
            "Take another name, or delete the index first."),
    INVALID_INDEX(5042, 400, Grpc.INVALID_ARGUMENT, Outcome.NOT_APPLIED,
            "The index isn't one that can be made.",
            "An index has a name and 1 to 8 different fields, as in [\"/city\", \"-/score\"]; docs/indexes.md."),
    FRAGMENT_UNSUPPORTED(5044, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "A node runs another version of the query language than the router.",
            "Retry; while nodes are being upgraded the router reads the documents and runs the query itself."),
    SNAPSHOT_TOO_OLD(5070, 410, Grpc.OUT_OF_RANGE, Outcome.NOT_APPLIED,
            "The state at this version is no longer kept.",
            "Read at a newer version; limits.feed-retention-seconds says how long older states are kept."),
    SNAPSHOT_NOT_REACHED(5071, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "The region does not yet have all that was written up to this version.",
            "Retry, or allow more time (X-AvilaDB-Timeout); a region that is cut off holds the others back."),
    STORAGE_FULL(6001, 507, Grpc.RESOURCE_EXHAUSTED, Outcome.NOT_APPLIED,
            "The node's disk is nearly full; writes are refused, reads and deletes go on.",
            "Free space or add a disk; writes resume by themselves."),
    STORAGE_DAMAGED(6002, 503, Grpc.UNAVAILABLE, Outcome.NOT_APPLIED,
            "This replica's data are damaged; it rebuilds itself from its group.",
            "Retry: another replica serves."),
    INTERNAL(9001, 500, Grpc.INTERNAL, Outcome.MAYBE_APPLIED,
            "The server met something that it didn't expect.",
            "Report it with the request's id; the server's log has the details.");

    /** gRPC status codes by name, as {@code google.rpc.Code} has them. */
    public enum Grpc {
        INVALID_ARGUMENT,
        DEADLINE_EXCEEDED,
        NOT_FOUND,
        ALREADY_EXISTS,
        PERMISSION_DENIED,
        RESOURCE_EXHAUSTED,
        FAILED_PRECONDITION,
        ABORTED,
        OUT_OF_RANGE,
        UNIMPLEMENTED,
        INTERNAL,
        UNAVAILABLE,
        UNAUTHENTICATED
    }

    /** What a caller may conclude of a write. */
    public enum Outcome {
        NOT_APPLIED, MAYBE_APPLIED
    }

    private final int number;
    private final int httpStatus;
    private final Grpc grpc;
    private final Outcome outcome;
    private final String cause;
    private final String fix;

    ErrorCode(int number, int httpStatus, Grpc grpc, Outcome outcome, String cause, String fix) {
        this.number = number;
        this.httpStatus = httpStatus;
        this.grpc = grpc;
        this.outcome = outcome;
        this.cause = cause;
        this.fix = fix;
    }

    public static Optional<ErrorCode> ofNumber(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }

    public int number() {
        return number;
    }

    /** {@code AVL-2013}. */
    public String code() {
        return "AVL-" + number;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public Grpc grpc() {
        return grpc;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Whether the same request can succeed later, unchanged. */
    public boolean retryable() {
        return httpStatus == 429 || httpStatus == 503 || httpStatus == 504 || httpStatus == 507;
    }

    public String explanation() {
        return cause;
    }

    /** What to do about it: one sentence that names the fix. */
    public String fix() {
        return fix;
    }
}
