package dev.usageledger.api.demo;

import dev.usageledger.organization.UserId;

/** Somebody who does not exist. */
record Person(UserId userId, String email) {
    static Person named(String name) {
        String first = name.substring(0, name.indexOf('.'));
        return new Person(new UserId("demo-" + first), name + "@example.com");
    }
}
