package io.aviladb.router.server;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.rest.RestService;
import io.aviladb.router.route.Failure;
import org.jspecify.annotations.Nullable;

/** Problem documents for what fails outside of any operation: too large a body, a time-out, a path that the server itself refuses. */
final class UnroutedErrors implements ServerErrorHandler {
    private final Edge edge;

    UnroutedErrors(Edge edge) {
        this.edge = edge;
    }

    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable thrown) {
        Throwable cause = Failure.unwrap(thrown);
        if (cause instanceof ContentTooLargeException) {
            return RestService.problem(new AvilaError(ErrorCode.REQUEST_TOO_LARGE, "the body has more than 20 MB"), edge);
        }
        if (cause instanceof RequestTimeoutException) {
            return RestService.problem(new AvilaError(ErrorCode.TIMED_OUT, "no answer came in time"), edge);
        }
        if (cause instanceof AvilaError error) {
            return RestService.problem(error, edge);
        }
        return null; // goes on to renderStatus
    }

    @Override
    public AggregatedHttpResponse renderStatus(@Nullable ServiceRequestContext context, ServiceConfig config,
            @Nullable RequestHeaders headers, HttpStatus status, @Nullable String description, @Nullable Throwable cause) {
        ErrorCode code = switch (status.code()) {
            case 404 -> ErrorCode.UNKNOWN_ROUTE;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 413 -> ErrorCode.REQUEST_TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_ENCODING;
            case 429, 503 -> ErrorCode.OVERLOADED;
            case 504 -> ErrorCode.TIMED_OUT;
            default -> status.code() < 500 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL;
        };
        String detail = description == null ? status.reasonPhrase() : description;
        return RestService.problem(new AvilaError(code, detail), edge).aggregate().join();
    }
}
