package dev.usageledger.api;

import java.util.stream.Stream;

/** A line of what the service prints once it is ready. */
public record BannerLine(String label, String text) {
    /** Every bean of this type adds its lines, in the order of the beans. Asked once, when the service is ready. */
    @FunctionalInterface
    public interface Source {
        Stream<BannerLine> lines();
    }
}
