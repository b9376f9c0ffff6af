package dev.usageledger.api.http.docs;

import java.time.Duration;
import java.util.Objects;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.webjars.WebJarVersionLocator;

/** Swagger UI under {@code /docs}, with all its parts from this service: it works without a network. */
@Configuration(proxyBeanMethods = false)
class DocumentationPages implements WebMvcConfigurer {
    private static final String WEBJAR = "swagger-ui";

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        String version = Objects.requireNonNull(new WebJarVersionLocator().version(WEBJAR));
        registry.addResourceHandler("/docs/*")
                .addResourceLocations(
                        "classpath:/docs/", "classpath:/META-INF/resources/webjars/" + WEBJAR + "/" + version + "/")
                .setCacheControl(CacheControl.maxAge(Duration.ofHours(1)));
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/docs").setViewName("forward:/docs/index.html");
        registry.addRedirectViewController("/", "/docs");
    }
}
