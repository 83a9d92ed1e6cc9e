package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.ContentCoding;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.MessagePackBodies;
import io.aviladb.router.edge.LawBrokenException;
import io.aviladb.router.edge.RefusedException;
import io.aviladb.router.edge.TraceContext;
import io.aviladb.router.edge.UnconfirmedException;
import io.aviladb.router.route.Caller;
import io.aviladb.router.route.Failure;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves every path of {@link Routes}. Runs on the event loop and never blocks: an answer is written by the thread that completes it. */
public final class RestService implements HttpService {
    private static final Logger log = LoggerFactory.getLogger(RestService.class);
    /** Smaller bodies are not worth compressing. */
    private static final int MIN_COMPRESSED_BYTES = 1_024;

    private final Edge edge;
    private final Routes routes;

    public RestService(Edge edge) {
        this.edge = edge;
        this.routes = new Routes(edge);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        long start = edge.clock().nanos();
        return HttpResponse.of(request.aggregate().thenCompose(http -> answer(context, http, start)));
    }

    private CompletableFuture<HttpResponse> answer(ServiceRequestContext context, AggregatedHttpRequest http, long start) {
        String id = Edge.newRequestId();
        Optional<TraceContext> trace = TraceContext.parse(http.headers().get(TraceContext.HEADER));
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        String[] operation = {"unknown"};
        boolean counted = false;
        CompletableFuture<RestAnswer> served;
        try {
            Routes.Match match = routes.find(http.method(), path(context.rawPath()));
            operation[0] = match.route().operation();
            QueryParams query = context.queryParams();
            checkParameters(match.route(), query);
            if (http.path().startsWith("/v1/") && !operation[0].endsWith("Faults") && !operation[0].equals("injectFault")) {
                edge.inFlight().enter();
                counted = true;
            }
            served = match.route().handler().serve(new RestRequest(http, match.variables(), query, id, start, caller(context, trace, id)));
        } catch (RuntimeException e) {
            served = CompletableFuture.failedFuture(e);
        }
        boolean entered = counted;
        served.whenComplete((answer, failure) -> {
            if (entered) {
                edge.inFlight().leave();
            }
            RestAnswer settled;
            String code = "OK";
            if (failure == null) {
                settled = answer;
            } else {
                Throwable cause = Failure.unwrap(failure);
                AvilaError error = error(cause, id, trace);
                settled = failed(cause, error, id);
                code = error.code().name();
            }
            edge.metrics().request("rest", operation[0], code, edge.clock().nanos() - start);
            log.atDebug().addKeyValue("request", id).addKeyValue("trace", trace.map(TraceContext::traceId).orElse(""))
                    .addKeyValue("operation", operation[0]).addKeyValue("code", code)
                    .addKeyValue("routed", () -> edge.routed(settled.served()))
                    .addKeyValue("decision", () -> Edge.decision(settled.served()))
                    .log("Request answered");
            response.complete(write(http, settled, id, trace));
        });
        return response;
    }

    private static Caller caller(ServiceRequestContext context, Optional<TraceContext> trace, String id) {
        return new Caller(trace.map(of -> of.header(id)).orElse(""), context.whenRequestCancelling().thenAccept(cause -> {}));
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static void checkParameters(Route route, QueryParams query) {
        for (String name : query.names()) {
            if (!route.parameters().contains(name)) {
                throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the operation has no parameter '" + name + "'");
            }
        }
    }

    private static RestAnswer failed(Throwable cause, AvilaError error, String id) {
        return switch (cause) {
            case RefusedException refused -> Problems.answer(error, id).from(refused.session(), refused.served(), 1);
            case UnconfirmedException unconfirmed -> Problems.answer(error, id, Map.of("receipt", Bodies.receipt(unconfirmed.written())))
                    .from(unconfirmed.written().session(), unconfirmed.written().served(), 1);
            case LawBrokenException broken ->
                Problems.answer(error, id, Map.of("counterexample", MergePolicyRoutes.counterexample(broken.counterexample())));
            default -> Problems.answer(error, id);
        };
    }

    private static AvilaError error(Throwable cause, String requestId, Optional<TraceContext> trace) {
        switch (cause) {
            case AvilaError error -> {
                return error;
            }
            case RefusedException refused -> {
                return refused.error();
            }
            case UnconfirmedException unconfirmed -> {
                return unconfirmed.error();
            }
            case LawBrokenException broken -> {
                return broken.error();
            }
            default -> {
                // told below
            }
        }
        log.atError().addKeyValue("request", requestId).addKeyValue("trace", trace.map(TraceContext::traceId).orElse("")).setCause(cause)
                .log("Request failed unexpectedly");
        return new AvilaError(ErrorCode.INTERNAL, "the server failed; its log has request " + requestId);
    }

    private HttpResponse write(AggregatedHttpRequest http, RestAnswer answer, String id, Optional<TraceContext> trace) {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(answer.status());
        headers.add("x-aviladb-request-id", id).add("x-aviladb-cost", Integer.toString(answer.cost()));
        answer.headers().forEach(headers::add);
        if (answer.session() != null) {
            headers.add("x-aviladb-session", edge.tokens().session(answer.session()));
        }
        headers.add("x-aviladb-routed", edge.routed(answer.served()));
        trace.ifPresent(context -> headers.add(TraceContext.HEADER, context.header(id)));
        byte[] body = answer.body();
        if (answer.status() == 204 || answer.status() == 304) {
            return HttpResponse.of(headers.build());
        }
        String mediaType = answer.mediaType();
        if (mediaType.equals(RestAnswer.JSON) && MessagePackBodies.isPreferred(http.headers().get("accept", ""))) {
            body = MessagePackBodies.ofJson(body);
            mediaType = MessagePackBodies.MEDIA_TYPE;
        }
        headers.add("content-type", mediaType).add("vary", "accept, accept-encoding");
        if (body.length >= MIN_COMPRESSED_BYTES) {
            Optional<ContentCoding> coding = ContentCoding.accepted(http.headers().get("accept-encoding", ""));
            if (coding.isPresent()) {
                try {
                    body = coding.get().encode(body);
                    headers.add("content-encoding", coding.get().token());
                } catch (IOException e) {
                    log.atWarn().addKeyValue("coding", coding.get().token()).setCause(e).log("Body not compressed");
                }
            }
        }
        headers.contentLength(body.length);
        return http.method() == HttpMethod.HEAD ? HttpResponse.of(headers.build()) : HttpResponse.of(headers.build(), HttpData.wrap(body));
    }

    /** For what fails before a route was found, or outside of it. */
    public static HttpResponse problem(AvilaError error, Edge edge) {
        String id = Edge.newRequestId();
        RestAnswer answer = Problems.answer(error, id);
        ResponseHeadersBuilder headers = ResponseHeaders.builder(answer.status()).add("x-aviladb-request-id", id)
                .add("x-aviladb-routed", edge.routed(null)).add("content-type", answer.mediaType());
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            headers.add(header.getKey(), header.getValue());
        }
        return HttpResponse.of(headers.build(), HttpData.wrap(answer.body()));
    }
}
