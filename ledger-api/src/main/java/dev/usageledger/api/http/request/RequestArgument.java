package dev.usageledger.api.http.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/** Hands controllers a {@link Request} to read. */
public final class RequestArgument implements HandlerMethodArgumentResolver {
    private final int bodyLimit;

    /** @param bodyLimit the most bytes that a body may have */
    public RequestArgument(int bodyLimit) {
        this.bodyLimit = bodyLimit;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Request.class;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Request resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest http = (HttpServletRequest) web.getNativeRequest();
        Map<String, String> path =
                (Map<String, String>) http.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        return new Request(http, path == null ? Map.of() : path, RequestIdentity.of(http), bodyLimit);
    }
}
