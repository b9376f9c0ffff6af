package dev.usageledger.engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/** A database that keeps a note of whatever lanes ask of it: other threads have their own reasons. */
final class NotedStatements {
    private final DataSource database;
    private final Queue<String> noted = new ConcurrentLinkedQueue<>();

    NotedStatements(DataSource database) {
        this.database = database;
    }

    DataSource database() {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Object result = invoke(database, method, arguments);
            return result instanceof Connection connection ? noting(connection) : result;
        });
    }

    private Connection noting(Connection connection) {
        return proxy(Connection.class, (self, method, arguments) -> {
            if (method.getName().equals("commit")) {
                note("COMMIT");
            }
            Object result = invoke(connection, method, arguments);
            return result instanceof PreparedStatement statement ? noting(statement, (String) arguments[0]) : result;
        });
    }

    private PreparedStatement noting(PreparedStatement statement, String sql) {
        return proxy(PreparedStatement.class, (self, method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                note(sql.replaceFirst("(?s)\\W*(\\w+).*", "$1"));
            }
            return invoke(statement, method, arguments);
        });
    }

    private void note(String verb) {
        if (Thread.currentThread().getName().startsWith("lane-")) {
            noted.add(verb);
        }
    }

    void clear() {
        noted.clear();
    }

    /** The first word of every statement, and commits, in order. */
    List<String> verbs() {
        return List.copyOf(noted);
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
